# SPDX-License-Identifier: AGPL-3.0-only
"""Rewords a heading by rule: synonyms, dropped and moved words, small talk around it, typing errors."""
import random
import re

import grammar_en
import grammar_zh
from prompt_strings import is_chinese

EN_FRAMES = [
    (r"^how (do|can) i ", ["how to ", "i want to ", "what is the way to ", "how can i ", "how do you ", "i need to ", "steps to ", "can you help me to ", "how would i ", "i'd like to ", ""]),
    (r"^how do i ", ["where do i ", "which way do i "]),
    (r"^what (is|are) ", ["what's ", "explain ", "tell me about ", "meaning of ", "what do you mean by ", "define ", "i want to know about ", "what exactly is ", ""]),
    (r"^what does (.*) do$", [r"what is \1 for", r"explain \1", r"purpose of \1", r"what happens with \1", r"\1 meaning", r"what is \1"]),
    (r"^what does (.*) show$", [r"what is in \1", r"explain \1", r"what do i see in \1", r"\1 output"]),
    (r"^can i ", ["is it possible to ", "may i ", "am i able to ", "could i ", "could we ", "is there a way to "]),
    (r"^do i need ", ["is it necessary to have ", "must i have ", "does it require ", "should i have ", "does it work without "]),
    (r"^which (.*) (can|do) i ", [r"what \1 could i ", r"list of \1 i can ", r"what sort of \1 can i "]),
    (r"^which (.*) (are there|are supported|are used)$", [r"list \1", r"what \1 exist", r"\1 supported", r"what \1 do you have"]),
    (r"^where (is|do i find) ", ["in which place is ", "i can't find ", "location of ", "where can i see ", "where do you keep "]),
    (r"^why ", ["what is the reason that ", "how come ", "explain why ", "why oh why "]),
    (r"^who may ", ["who can ", "who is allowed to ", "which people may "]),
    (r"^is ", ["is it true that it is ", "would you say it is ", "how far is ", ""]),
    (r"^are there ", ["do you have ", "is there any ", "what about "]),
]
EN_WORDS = {
    "agent": ["assistant", "bot"], "box": ["device", "machine", "appliance"], "documents": ["files", "texts", "papers"], "document": ["file", "text"], "own": ["personal", ""],
    "delete": ["erase", "remove", "wipe"], "remove": ["delete", "get rid of"], "person": ["user", "someone", "customer"], "people": ["users", "persons"], "messaging": ["chat", "messenger"],
    "apps": ["applications", "programs"], "connect": ["hook up", "link", "add"], "start": ["launch", "run", "begin"], "stop": ["end", "halt", "quit"], "larger": ["bigger", "better", "other"],
    "large": ["big"], "smaller": ["more compact", "shrink"], "cost": ["price", "money"], "private": ["confidential", "privacy"], "talk": ["write", "chat", "speak"], "several": ["many", "multiple", "two"],
    "remember": ["recall", "keep in mind", "forget"], "earlier": ["old", "previous", "past"], "messages": ["texts", "chats"], "human": ["person", "colleague", "employee"], "language": ["tongue", "german"],
    "logs": ["log files", "protocol"], "speed": ["performance", "how fast"], "measure": ["test", "find out"], "slow": ["taking so long", "not fast"], "answers": ["replies", "responses"],
    "answering": ["replying", "responding"], "needed": ["required"], "hardware": ["computer", "machine", "pc"], "internet": ["online", "network"], "connection": ["access"], "graphics": ["gpu", "video"],
    "stored": ["kept", "saved"], "data": ["information", "files"], "restart": ["reboot", "start again"], "uninstall": ["remove completely", "get rid of"], "channel": ["messenger", "connection"],
    "approve": ["accept", "admit", "let in", "confirm"], "new": ["another"], "block": ["ban", "lock out"], "everybody": ["anyone", "all people", "everyone"], "roles": ["rights", "permissions"],
    "change": ["modify", "edit", "switch"], "update": ["upgrade", "newer version"], "backup": ["copy", "safety copy"], "restore": ["recover", "bring back"], "licence": ["license"],
    "limits": ["restrictions", "maximum"], "protect": ["secure", "guard"], "misuse": ["abuse", "attacks"], "healthy": ["ok", "alive", "running well"], "encrypted": ["ciphered", "encryption"],
    "disk": ["drive", "storage"], "choose": ["pick", "select", "switch to"], "create": ["make", "generate", "get"], "lost": ["forgot", "misplaced"], "supported": ["possible", "available"],
    "find": ["locate", "see", "look up"], "open": ["get to", "reach"], "commands": ["instructions"], "happens": ["goes on"], "loses": ["drops"], "export": ["download", "get a copy of"], "add": ["upload", "put in", "give"],
}
ZH_FRAMES = [
    ("怎样", ["怎么", "如何", "要怎么", "该怎么", "我想", "在哪里", "怎么才能", ""]), ("有什么用", ["是做什么的", "是干嘛用的", "是什么", "的作用", "什么意思", "是干啥的"]),
    ("是什么", ["是啥", "什么意思", "是干什么的", "是指什么", "介绍一下", ""]), ("哪些", ["什么", "哪几种", "啥"]), ("可以", ["能", "能不能", "可不可以", "允许"]), ("为什么", ["怎么", "为何", "为啥", "什么原因"]),
    ("需要", ["要", "用不用", "必须", "是不是要"]), ("吗", ["", "么", "不", "呢"]), ("在哪里", ["在哪", "在哪儿", "放在哪", "哪里有"]), ("多少钱", ["什么价格", "贵不贵", "怎么收费"]), ("能", ["可以", "能不能"]),
    ("显示什么", ["里有什么", "能看到什么", "输出什么"]), ("怎么办", ["怎么处理", "怎么弄", "该咋办"]), ("谁", ["哪些人", "什么人"]),
]
ZH_WORDS = {
    "助手": ["机器人", "智能助手", "它"], "设备": ["机器", "盒子", "主机"], "文档": ["文件", "资料"], "删除": ["删掉", "去掉", "清除"], "添加": ["加入", "上传", "加"], "连接": ["接入", "接", "对接"],
    "启动": ["运行", "打开", "开始"], "停止": ["关闭", "停掉", "关掉"], "聊天": ["对话", "消息"], "软件": ["应用", "程序", "工具"], "更改": ["修改", "改", "换"], "批准": ["通过", "同意", "允许"],
    "拉黑": ["屏蔽", "禁止"], "新用户": ["新人", "新成员"], "一个人": ["某个人", "用户", "客户"], "全部": ["所有", ""], "更换": ["切换", "改", "换"], "测量": ["测试", "测"], "日志": ["运行日志", "记录"],
    "查看": ["看", "查"], "备份": ["做备份", "备份数据"], "恢复": ["还原", "找回"], "更新": ["升级", "更新版本"], "加密": ["加密的", "有没有加密"], "磁盘": ["硬盘", "本地"], "许可证": ["授权", "许可"],
    "显卡": ["GPU", "独立显卡"], "联网": ["上网", "网络"], "硬件": ["电脑", "配置"], "数据": ["资料", "信息"], "创建": ["新建", "生成", "申请"], "密钥": ["key", "钥匙"], "丢": ["弄丢", "不见"], "选择": ["选", "换"],
    "更大的": ["大一点的", "更好的"], "慢": ["很久", "太慢"], "回答": ["回复", "答复"], "接管": ["介入", "代替"], "记得": ["记住", "忘记"], "限制": ["上限", "限额"], "保护隐私": ["安全", "隐私"], "离开": ["流出", "发出"],
}


def _groups(*lists):
    table = {}
    for entry in (item for items in lists for item in items):
        words = entry.split("/")
        for word in words:
            table[word] = [other for other in words if other != word]
    return {word: others for word, others in table.items() if others}


_EN_GROUPS = _groups(grammar_en.NOUNS, grammar_en.VERBS)
_ZH_GROUPS = _groups(grammar_zh.NOUNS, grammar_zh.VERBS)


def typing_error(text: str, rng: random.Random) -> str:
    """One slip of the finger in a Latin word of more than four letters."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 4 and word.isascii() and word.isalpha()]
    if not long:
        return text
    index = rng.choice(long)
    word, at = words[index], rng.randrange(1, len(words[index]) - 1)
    words[index] = rng.choice([word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2 :]])
    return " ".join(words)


def _english(text: str, rng: random.Random) -> str:
    if rng.random() < 0.7:
        for pattern, frames in rng.sample(EN_FRAMES, len(EN_FRAMES)):
            changed = re.sub(pattern, rng.choice(frames).replace("\\", "\\"), text)
            if changed != text:
                text = changed
                break
    words = []
    for word in text.split(" "):
        others = (EN_WORDS.get(word) or []) + (_EN_GROUPS.get(word) or [])
        if others and rng.random() < 0.25:
            word = rng.choice(others)
        elif word in grammar_en.STOP_WORDS and rng.random() < 0.15:
            word = rng.choice(["", "the", "my", "a"])
        elif word not in grammar_en.STOP_WORDS and rng.random() < 0.06:
            word = ""
        elif rng.random() < 0.05 and len(word) > 3:
            word = word[:-1] if word.endswith("s") else word + "s"
        words.append(word)
    if rng.random() < 0.12:
        words = [word for word in words if word not in grammar_en.STOP_WORDS] or words
        if rng.random() < 0.5:
            rng.shuffle(words)
    return " ".join(word for word in words if word)


def _chinese(text: str, rng: random.Random) -> str:
    for old, frames in ZH_FRAMES:
        if old in text and rng.random() < 0.6:
            new = rng.choice(frames)
            text = text.replace(old, new, 1) if rng.random() < 0.75 else text.replace(old, "", 1) + new
            break
    for table, chance in ((ZH_WORDS, 0.3), (_ZH_GROUPS, 0.12)):
        for word, others in table.items():
            if word in text and rng.random() < chance:
                text = text.replace(word, rng.choice(others), 1)
    if len(text) > 5 and rng.random() < 0.12:
        at = rng.randrange(len(text))
        text = text[:at] + text[at + 1 :]
    if rng.random() < 0.08:
        at = rng.randrange(1, max(2, len(text)))
        text = text[at:] + text[:at]
    return text


def paraphrase(text: str, rng: random.Random) -> str:
    """A rewording of a normalised question or heading."""
    chinese = is_chinese(text)
    grammar = grammar_zh if chinese else grammar_en
    if rng.random() < 0.9:
        text = (_chinese if chinese else _english)(text, rng)
    if rng.random() < 0.05:
        text = typing_error(text, rng)
    return rng.choice(grammar.OPENERS) + text + rng.choice(grammar.CLOSERS)
