# SPDX-License-Identifier: AGPL-3.0-only
"""Hand-written everyday questions, several wordings of each; any of a line may be the heading and any other the question."""

EN = """
When do you open in the morning?|opening times|from what time are you open|are you open on mondays|what are your business hours|how late are you open|till when can i come by
Where are you located?|what is your address|how do i get to you|which street are you in|where do i find you|directions to your place|in what part of town are you
How can I call you?|phone number|what number can i ring|can i reach you by telephone|do you have a hotline|your number please
What is your email?|which e-mail address do i write to|can i write you a mail|mail address|how do i send you an email|contact by email
How do I pay?|what payment do you take|is paying by card possible|do you take paypal|payment options|can i pay in cash|which cards are accepted
How long is the delivery time?|when does my parcel arrive|how many days until you deliver|shipping time|how quickly do you ship|when will i get my order
What does shipping cost?|delivery fee|how much is the postage|is delivery free|what do you charge for sending|shipping price
Can I return something?|how do returns work|i don't like it and want to send it back|return policy|taking goods back|can i give it back|until when may i return goods
How do I get my money back?|refund|when is my money returned|how long does a refund take|i would like a refund|reimbursement
Can I change my appointment?|i need another date|moving an appointment|postpone my visit|can we shift the appointment|i have no time on that day
How do I cancel?|i want to call it off|cancelling my booking|what if i cannot come|is cancelling free|can i still cancel
Do I have to make a reservation?|is booking necessary|can i walk in|must i book in advance|do you take people without a booking|should i reserve
Is there parking?|where can i leave my car|parking lot|do you have space for cars|can i park at your place|what does parking cost
Are children welcome?|is it suitable for kids|from what age|may i bring my son|do you have things for children|how old must a child be
Can I bring my pet?|are animals allowed|is my cat welcome|pets|may dogs come in|do you accept animals
Is the building accessible for wheelchairs?|is there a lift|barrier free|are there steps|i cannot walk stairs|access for disabled people
Do you have wifi?|is there internet for guests|wireless password|how do i get online|network for visitors
Do you speak other languages?|can i talk to somebody in spanish|is there english speaking staff|in what languages do you offer it
I forgot my password. What can I do?|cannot log in|reset the password|sign in fails|how do i get a new password|lost password
How do I create an account?|register|sign up|new user account|where can i register|opening an account
How do I delete my account?|close my account|i want to unsubscribe and leave|remove my profile|get rid of my account
How is my data protected?|what do you do with my data|data protection|is my data safe|privacy policy|who sees my data
Are there discounts?|cheaper for pensioners|student price|special offers|is there a coupon|reduced price|do families pay less
Do you have gift cards?|i am looking for a present|vouchers|can i buy a gift certificate|gift voucher
How long is the warranty?|guarantee period|it broke after a year|is there a warranty|what is covered by the guarantee
Who do I complain to?|i am not satisfied|make a complaint|something went wrong|bad service|where can i complain
What do I have to bring?|which papers do i need|what should i take with me|required documents|things to bring
How long does it take?|duration|how many hours does it last|when is it finished|how much time do i need
How big are the groups?|number of participants|how many people take part|maximum size of a group|is the course full
What is included in the price?|does the price contain meals|are there extra costs|is everything included|hidden fees
Can I smoke?|is smoking allowed|where can smokers go|smoking area|non smoking
Is food available?|can we eat there|do you serve lunch|is there something to drink|vegetarian food|restaurant
When do I get my results?|are the results ready|how do i learn the outcome|where do i see my results|test results
I am late. What happens?|delayed arrival|what if i come too late|can i come later|being late
Who is in charge?|name of the boss|who runs the place|who is the head|whom should i speak to|contact person
How do I become a member?|join the club|membership|membership fee|i want to join you|becoming a member
How do I apply for a job?|do you have vacancies|open positions|i would like to work for you|career|where do i send my application
What do I do in an emergency?|urgent help|help at night|it is urgent|emergency number|outside office hours
How do I change my address?|i moved|new address|update my contact data|my address is wrong
Can you send me an invoice?|i need a receipt|bill for my company|copy of the invoice|invoice by mail
I lost something. Do you have it?|lost property|forgot my jacket|found items|i left my umbrella at your place
Can I collect it myself?|pick up in the store|where do i pick it up|collection|is pickup possible
Is it available in other colours?|which colours are there|do you have it in blue|choice of colours|other sizes
How do I clean it?|washing instructions|can it go in the washing machine|care|removing stains
How often do I need a service?|maintenance|when must it be checked|inspection interval|how frequently is a check needed
"""

ZH = """
你们什么时候营业？|营业时间|早上几点开始营业|周末开门吗|晚上开到几点|几点下班|几点关门
你们的地址是什么？|怎么去你们那里|你们店在哪条路|在哪里能找到你们|位置在哪|怎么过来
怎么给你们打电话？|电话号码多少|联系电话|客服热线|我能打哪个号码|有电话吗
你们的邮箱是什么？|发邮件到哪里|电子邮件地址|可以写邮件给你们吗|邮箱地址
怎样付款？|支付方式有哪些|可以刷卡吗|能用微信支付吗|收现金吗|支持支付宝吗
多久能收到货？|几天到货|快递要多长时间|什么时候发货|我的订单什么时候到|发货时间
运费多少？|邮费怎么算|包邮吗|送货要钱吗|快递费
可以退货吗？|怎么退货|不喜欢能退吗|退货政策|几天之内可以退|买错了想退
怎样退款？|钱什么时候退回|退款要多久|我要退钱|退款流程
可以改预约时间吗？|想换个时间|预约改期|那天没空|能推迟吗|改到下周行吗
怎样取消？|我来不了|取消订单|不想要了怎么取消|能取消吗|取消收钱吗
需要提前预约吗？|可以直接去吗|不预约能来吗|要不要先订|要提前几天订
有地方停车吗？|车停在哪|停车费多少|有没有停车场|开车来方便吗
小孩可以来吗？|几岁可以参加|带孩子行吗|适合儿童吗|有儿童票吗
可以带狗吗？|允许宠物进去吗|猫能带吗|宠物可以进吗
坐轮椅方便吗？|有电梯吗|有没有无障碍通道|要爬楼梯吗
有无线网吗？|怎么上网|wifi 密码|客人能上网吗
有会英语的人吗？|能说英文吗|支持哪些语言|有外语服务吗
忘记密码怎么办？|登录不了|怎么重置密码|密码不对|找回密码
怎样注册账号？|怎么开户|新用户注册|在哪里注册|建一个账号
怎样注销账号？|不想用了怎么注销|删除我的账号|关闭账户
我的个人信息安全吗？|你们怎么处理我的数据|隐私政策|谁能看到我的资料|信息会泄露吗
有优惠吗？|能便宜一点吗|学生有折扣吗|打折吗|老人优惠|有没有优惠券
有礼品卡吗？|想送人|可以买代金券吗|礼券怎么买
保修多久？|质保几年|坏了保修吗|用了一年坏了怎么办|保修期
怎样投诉？|不满意找谁|服务不好|我要提意见|投诉电话
要带什么东西？|需要哪些材料|要准备什么证件|来的时候带什么
要花多长时间？|大概多久|几个小时能完|需要多少时间|什么时候结束
一个班多少人？|人数上限|班级大小|几个人一组|还有名额吗
价格里包括什么？|有额外收费吗|包含餐食吗|还要另外付钱吗|全包吗
可以抽烟吗？|哪里能吸烟|有吸烟区吗|禁烟吗
有吃的吗？|提供午饭吗|可以在那里吃饭吗|有喝的吗|有餐厅吗
什么时候出结果？|结果怎么查|多久知道结果|在哪里看结果
迟到了怎么办？|晚到行吗|可以晚点来吗|路上堵车会晚
负责人是谁？|找谁联系|老板叫什么|谁说了算|联系人
怎样成为会员？|入会费多少|怎么加入|会员有什么好处|想办会员
怎样应聘？|招人吗|有什么职位|简历发到哪里|想来你们这里工作
紧急情况怎么办？|急事找谁|夜里出事打什么电话|很急|紧急电话
怎样修改地址？|我搬家了|地址写错了|更新联系方式
能开收据吗？|我要报销|给公司开票|电子票据|补开票
东西落在你们那里了怎么办？|丢了东西|有没有捡到我的伞|失物招领|忘拿外套了
可以自己去取吗？|到店自提|在哪里取货|自取行不行
有别的颜色吗？|有没有蓝色的|颜色可以选吗|其他尺寸
怎样清洗？|能放洗衣机吗|怎么保养|脏了怎么办|去污
多久保养一次？|什么时候要检查|维护周期|隔多长时间检修
"""


def topics(chinese):
    """Lists of wordings, one list a topic."""
    return [line.split("|") for line in (ZH if chinese else EN).strip().splitlines()]
