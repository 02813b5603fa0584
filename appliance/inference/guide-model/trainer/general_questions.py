# SPDX-License-Identifier: AGPL-3.0-only
"""Questions about the world at large, which no company handbook answers: to be refused."""
EN = """what is the capital of {land}|who is the prime minister of {land}|how many people live in {land}|how do you say {word} in {tongue}|translate {word} into {tongue}|who wrote {work}|who composed {work}
write me a {form} about {word}|tell me a story about {word}|what is the weather like in {city}|will it rain {when}|how do i cook {food}|recipe for {food}|how many calories are in {food}|is {food} healthy|what is {n} plus {n}
what is {n} times {n}|calculate {n} divided by {n}|how old is {star}|who is {star}|when was {star} born|what did {star} invent|which team won {cup}|who is the best player of {cup}|how long is the river {river}|how high is the {hill}
why is {thing} {colour}|how does {thing} work|what is {thing} made of|where does {thing} come from|how far is it to {city}|what time is it in {city}|when is the next bus to {city}|find me a cheap hotel in {city}|book a table for {n} in {city}
which {animal} is the biggest|what does a {animal} eat|how long does a {animal} live|can a {animal} swim|how do i learn {tongue}|what should i wear {when}|recommend a {form} for {when}|how do i get rid of {illness}|what helps against {illness}
should i buy shares of {firm}|what is the price of gold|who founded {firm}|when did the {war} begin|what caused the {war}|what is the meaning of life|do you love me|what's your favourite {thing}|how do i knit a scarf|how do i draw a {animal}
explain {science} to a child|what is {science}|who discovered {science}|what happened in {year}|which year was {work} published|how do i become a {job}|how much does a {job} earn|sing a song|play some music|set an alarm for {n} o'clock
what are the news of today|how many {thing}s are in the world|what is the largest {thing}|name three {animal}s|which colour do you get from red and {colour}|what is the square root of {n}|convert {n} miles to kilometres|how many days has a {when}"""
ZH = """{land}的首都在哪|{land}的总理是谁|{land}有多少人|{word}用{tongue}怎么说|把{word}翻译成{tongue}|{work}是谁写的|{work}的作者|写一篇关于{word}的{form}|讲一个{word}的故事|{city}天气好吗|{when}会下雨吗|{food}怎么做|{food}的做法
吃{food}会胖吗|{food}健康吗|{n}加{n}等于几|{n}除以{n}是多少|算一下{n}乘{n}|{star}多大年纪|{star}是谁|{star}哪年出生|{cup}谁赢了|{river}有多长|{hill}有多高|为什么{thing}是{colour}|{thing}是怎么来的|{thing}的原理
到{city}有多远|{city}现在几点|去{city}的车几点开|帮我找{city}的酒店|最大的{animal}|{animal}吃什么|{animal}能活几年|{animal}会游泳吗|怎么学{tongue}|{when}穿什么好|推荐一首{form}|{illness}怎么治|{illness}吃什么好
{firm}的股票能买吗|黄金价格|谁创办了{firm}|{war}是什么时候|{war}的原因|人生的意义是什么|你爱我吗|你最喜欢什么{thing}|怎么画{animal}|给孩子解释{science}|什么是{science}|谁发现了{science}|{year}年发生了什么
怎样成为{job}|{job}工资高吗|唱首歌|放点音乐|今天有什么新闻|世界上有多少{thing}|说出三种{animal}|{n}的平方根|{n}英里是多少公里|陪我聊聊天|{when}是什么节日|怎么织毛衣"""
EN_SLOTS = {
    "land": "Spain,Japan,Canada,Kenya,Peru,Norway,Egypt,Poland,Chile,Vietnam,Italy,Greece,Mexico", "word": "hope,friendship,an old king,thank you,a dragon,autumn,my mother,the moon,a robot,two brothers,winter",
    "tongue": "French,Italian,Latin,Russian,Arabic,Korean,Swedish", "work": "Faust,Don Quixote,Emma,Carmen,War and Peace,The Odyssey,Dracula", "form": "poem,song,story,film,joke,novel,speech,letter",
    "city": "Paris,Madrid,Oslo,Cairo,Boston,Delhi,Vienna,Sydney,Prague,Lima", "when": "tomorrow,next week,on Sunday,tonight,in summer,this weekend,year", "food": "soup,pancakes,lasagne,fried rice,apple pie,an omelette,curry,dumplings",
    "star": "Einstein,Napoleon,Cleopatra,Beethoven,Madonna,Newton,Picasso", "cup": "the champions league,the olympics,the tour de france,the super bowl,tennis at wimbledon", "river": "nile,amazon,danube,rhine,volga",
    "hill": "eiffel tower,matterhorn,kilimanjaro,highest mountain", "thing": "grass,rain,wind,snow,a rainbow,gold,glass,the sun,a magnet,an ocean,star,volcano,desert,island", "colour": "green,white,blue,yellow,cold,hot",
    "animal": "whale,horse,bear,snake,eagle,shark,elephant,bee,tiger,frog", "illness": "a cold,stomach ache,hiccups,sunburn,a cough,back pain,mosquito bites", "firm": "a car maker,an oil company,the big airline,that bank",
    "war": "first world war,cold war,french revolution,roman empire", "science": "gravity,evolution,electricity,quantum physics,algebra,the big bang", "year": "1066,1492,1789,1914,1969,1989", "job": "pilot,lawyer,singer,baker,astronaut"}
ZH_SLOTS = {
    "land": "西班牙,日本,加拿大,埃及,波兰,越南,意大利,德国,墨西哥", "word": "友谊,春天,龙,谢谢,妈妈,月光,小兔子,秋天,国王", "tongue": "法语,日语,俄语,德语,韩语,拉丁语", "work": "西游记,三国演义,浮士德,水浒传,哈姆雷特", "form": "诗,歌,小说,作文,散文,电影",
    "city": "巴黎,成都,东京,西安,伦敦,杭州,武汉,纽约", "when": "明天,下周,周末,今晚,夏天,后天,春节", "food": "饺子,鱼香肉丝,蛋糕,炒饭,豆腐,面条,火锅", "star": "爱因斯坦,拿破仑,李白,贝多芬,牛顿,秦始皇", "cup": "欧冠,奥运会,昨天的比赛,网球公开赛,乒乓球赛",
    "river": "长江,黄河,尼罗河,多瑙河", "hill": "泰山,黄山,埃菲尔铁塔,富士山", "thing": "草,雨,风,雪,彩虹,金子,玻璃,太阳,大海,星星,火山", "colour": "绿色,白色,红色,冷,热,黄色", "animal": "老虎,熊,蛇,鹰,鲨鱼,大象,蜜蜂,青蛙,乌龟",
    "illness": "感冒,胃疼,打嗝,咳嗽,腰疼,失眠", "firm": "那家汽车公司,石油公司,航空公司,那家银行", "war": "第一次世界大战,冷战,法国大革命,赤壁之战", "science": "引力,进化论,电,量子物理,代数,大爆炸", "year": "1911,1949,1789,1969", "job": "飞行员,律师,歌手,厨师,宇航员"}
_EN, _ZH = EN.replace("\n", "|").split("|"), ZH.replace("\n", "|").split("|")


def general_question(rng, chinese):
    """One question; slots filled at random."""
    template, slots = rng.choice(_ZH if chinese else _EN), ZH_SLOTS if chinese else EN_SLOTS
    while "{n}" in template:
        template = template.replace("{n}", str(rng.randrange(2, 400)), 1)
    for name, values in slots.items():
        if "{" + name + "}" in template:
            template = template.replace("{" + name + "}", rng.choice(values.split(",")))
    return template
