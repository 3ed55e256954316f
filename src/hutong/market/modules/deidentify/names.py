"""Names of people in Chinese text, by points: surname, characters usual in given names, what stands before and after.

No list of whole names: a name nobody wrote down before counts as much as a common one. A word that begins with a surname
is none (方面, 安全, 于是). What is needed of points was set on texts of one half of the data that ``bench/modules/
deidentify.py`` measures on; the figures of the page are of the other half.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rjieba

# surnames that seldom begin another word, those that often do, and those of two characters
_SURE: Final = frozenset(
    "钟雷柳刘陈杨赵吴徐孙郭邓冯曹彭袁蒋蔡贾魏薛阎潘姜廖邹谭熊韩唐董萧程沈崔吕卢汪戴陆郑谢梁宋许傅苏丁叶范邱侯孟秦郝邵汤尹"
    "施丛简郎喻宣郜亓翟綦兰匡邸黎樊殷庞俞翟聂葛柴覃骆焦肖闫娄裴涂岳阮晏虞詹褚霍窦鲍司冼佟瞿璩蔺甄臧麦舒阳靳祁屈耿栾隋訾缪仝邬郗郦逄辜隗鄢鄂"
    "刁冉卜卞叢吉岑康晁晋柯栗欧涂湛滕潭濮牟狄畅瞿祝禹穆管缪翁芦茅茹荀荆蒙谌"
    "屠寇巩晏娄冀桑扈燕冼濮庾阙晁敖饶鞠蒯竺逯桓岳缑亢郤佘笪佟邝覃谌苟粟邰胥雒璩钮嵇裘缪邸宦戈沃蔚璩郦咎隽谷禤钦汝聂訾阚骞邬凤鄞瞿丘"
    "赖辛邢郁鄒闵阚雍霍靖鞠饶骆鲁黎龚杜毛谯漆敖岑滕朱胡罗袁夏姚尚顾贺庄颜倪赫"
)  # fmt: skip
_DOUBTFUL: Final = frozenset(
    "钱凌梅莫宁楼谷符凌单艾古连童王李张黄周林何高马曾于余魏田任方石金江白段龙史陶洪万孔武牛温严安易常文乔洪申齐向伍关季成包左项"
    "惠桂初应沙谈荣仲敬商苗米廉练农习容衡步冷查游权帅况海池党劳姬解宗尉鹿浦慕师苑官宾巫席计贲邴杭诸充阮钱诸揭库索幸占盘种展肇代原展"
    "车尤盛蓝卓管丰房甘党付华强曲宫辛居仇母明边"
)  # fmt: skip
_FREQUENT: Final = frozenset("王李张黄周何林")  # of those, the ones that a fifth of all people have
# of the others, those that few people have and many words begin with: without a cue they need more points
_RARE: Final = frozenset(
    "原步农强冷尚宁管燕齐初应官师帅游权况海池党劳解宗鹿练习容衡查廉商敬苗米沙谈荣仲充诸库索幸占盘种展肇代成季关包左项车尤盛蓝丰房华曲居母明边单古连时梅楼符安常申同童惠桂"
    "但有全公向武康温白金高方文万"
)
_DOUBLE: Final = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙", "司徒", "夏侯", "端木", "独孤", "南宫", "轩辕")
)  # fmt: skip
# characters usual in given names and rare elsewhere; usual there and elsewhere
_TYPICAL: Final = frozenset(
    "皓谏其耿锡台臻蛟增永弟阿洪秀渝隽烨懿胤九三昌隽颢灏翀翊昀暄婧媗嫄妤婵妹嫂姐姗芮蕙茂芦蓬荔藜伟芳娜敏静丽磊洋艳勇娟涛霞刚桂婷雪琳鑫鹏浩宇欣怡梅莉玲燕萍颖蕾薇菲倩岚岩峰辉斌彬俊杰凯旭晨晓晖昊昕晗轩豪博哲睿"
    "瑞琪琦瑶璐璇琼瑜瑾珊珍珠莹莲蓉蓓芸芬芹苗茜茹荣菊萌萱葵蕊薛兰馨淑淼泽润瀚澜浩洁泉沛汉漪溪滢潇涵淳涌沁泓"
    "楠桐梓栋柏枫森杉槿樱榕椿楷彦建志宏军兵毅坚松柱栓庆祥福禄寿禧祺祯贵富财宝珏玺玮珂琛玥琰璟"
    "晶昱昭晟曦煜炜烨焕熙燊煊炎灿炳焱钧铭锋锐钢铁锦鑫钰铮镇锴坤垚培堃基壮振挺捷拓擎文斐雯雄翔翰翠羽翼鸿鹤鹃鸣凤凰龙虎骏骥"
    "国邦民军卫華绍继承永恒久安宁康健健强力勤俭谦诚信义仁礼智孝贤德善良忠勋爱慧惠恩慈思念忆恬悦愉怀恺恒"
    "秀英红玉香云霄霖露霆露雷震春夏秋冬梦婕妍妮姣姗娇娅婉媛媚嫣嬌嫦嫒佳俐倪仪伊伦伯仲侠侨俪偲冰凌凝冉冠军"
    "远航帆舟征途达逸迪辰星月阳光耀华山川海江河洲波涌勃超越跃腾飞胜凯旋彪猛威武兴旺发昌盛隆泰平顺利"
    "学书诗琴棋画艺韵音歌咏乐章笛笙簧竹叶花草木林果卉芝芷芙蓉荷莎苇茵蔚蕴薰蓝青翠碧紫丹彤绮绣纯素"
    "子天嘉家景启立中正忠一元亦亮仁世东南西北友双可吉君善喜国坚城大奇如宗定宪富少尚尧屹岳崇巍川州年广延弘彩"
    "心忠怡恒愈意成才扬振政敬方旻明易昂春晋朗朝本权来杏杨根桥榮欢殿毓民水汝泊清源满滨演灵焰照熊玄玖理生登益真睦石祖禹科秉程穆端竣"
    "潮煊洵骅鹰靖枢葵骏虔赟仕朋侃娣键毅熠弛彧翌翎翛苏茵莞菀萤萦蕴蔓薏蘅衍衡袆裴谦谨谕豫赫赵跃踪轲辕迅遂遒郡鄂酉醒釗钊钏铎铨铮锟锵镕镭闻闽陵隆隗雍雎霁靓靳韧韶颀飒馥驭驹骁骅骐骞骢高鲲鲸鹄鹂麒麟黛鼐"
    "丞乔予亘亨亭仑仟伍伟伶佐佑佟侃侗倍倚倡偉偲傲僖兮冕冶凇凡凤凯刊创利劭劲励劼勉勋勐匀匡卉卓印卿叡吟呈咏哲唯啸喆嘉嘏囡圆圣坛坡垒埼域培堂堃塬墨壁壮夏夙奂奎奕妃妤妙妞姁姃姚姝娈娉娟娥婀婧婵嫚嬿孜孟宁宛宜宣宥宸容寅寒寓寰尔屏岐岑岚岱峥峻嵘嵩巧"
    "帅帆师席廷弋弦弼彝彦彩彬彭影徽忆忍忱怀怜思恕恩悉悟惟惠愫慷懋戈戎戚扉承招拥持挚敏敛斌斐斓斯旋旎旖昂昆昌昕昙昭晋晏晔晗晞晟晢晨晴智暄暖暮曙曦曼月朔朕朗望朴杉杭松析枚枝柔柯柳栩校桀桃桓桦梁梅棋棠森椰楚楷榆槐橙檬檀欣歆正武殊毅泊泓波泰洁洋洛津洲流浓浠海涓涛涵润淇淋渊渝温湉湘溥滔滢漫潞潼濂瀛炀炅炎炫炯烁煌煦照熠燃燕爽牧牵狄献玉玎玏玕玗玚玠玢玥玫环珀珈珉珊珍珑珣珩珮班球琚琤琨琬琰瑄瑾璋璜瓒甜甫畅畴皎皖盈盼睦睫瞳矜矞砚硕碧磊祁祈祎禄秋秒秦秾稷穆穗竞竣笃笑笠筱简箐箫精纬纯纾练绚绛络绢绩绪绫维绵综缇缘缤羡翊翌翟耕聪"
    "筠简粤精素纪纲维缘罡群羿耘聪肖育胤自至良艾若苑范荃莘菁萃蒙融衍裕观训诺谊谋象贞赞起路载辅通道遥邵郁重金银鉴钊长闯阔雁韬顺颂频风驰魁魏鲁鸥黎默鼎齐龄"
)  # fmt: skip
_USUAL: Final = frozenset("新小先有为会全克儿公兆千升化卿厚合同向啟在坡士声尔希帅常开式弟彤形得必怀想慎所抒效敦斗斯旗时昇景曙望材村标树校格楚正步毛气永洗浪浦港湘源火烈燃牧狄现琅甫田申白百皓相秋积立笑策箭群翁聚育苏草蓬衡西言计让读谨贻赛超车述迎进适重钟铃锡镜阁际陆陶隽雅雨雪韦韩页顶领颜飘首香骁高")  # fmt: skip
# words that begin with a surname, looked up by their first two characters
_WORDS: Final = frozenset((Path(__file__).parent / "words.txt").read_text("utf8").split())
# words that name what follows, however the dictionary parts it, and words for a person that only make a name likelier
_CUE: Final = re.compile(
    r"(?:姓名|联系人|经办人|负责人|申请人|投诉人|诉求人|来电人|反映人|举报人|法定代表人|法人代表|法人|户主|收件人|当事人|委托人|权利人|承包人|被执行人|"
    r"开户人|账户名|户名|收件|名叫|叫做|我叫|我名)(?:为|是|叫|名叫|：|:|，|\s|“|（|\()*$"
    r"|(?:患者|学生|家长|业主|市民|居民|村民|网格员|租户|房东|书记|主任|局长|校长|经理|村长|站长|队长|科长|组长|老人|邻居|丈夫|妻子|父亲|母亲|儿子|(?<!妇)女儿|司机|民警|医生|老师)"
    r"(?:叫|名叫|：|:)+$|姓$"
)
_PERSON_BEFORE: Final = re.compile(
    r"(?:患者|学生|家长|业主|市民|居民|村民|网格员|租户|房东|我是|本人|丈夫|妻子|父亲|母亲|儿子|(?<!妇)女儿|爱人|老公|老婆|同事|同学|老板|司机|民警|警官|医生|老师|书记|主任|"
    r"局长|校长|经理|村长|站长|队长|科长|组长|子女|老人|邻居|被告|原告|嫌疑人|男子|女子|职工|员工|房主|车主|代表|委员|干部|同志|党员|死者|伤者|孩子|孙子|工作人员|专干|律师|"
    r"行长|乡长|镇长|县长|市长|区长|处长|院长|所长|会计|人叫|尊敬的)(?:为|是|“)?$"
)
_TITLE: Final = re.compile(
    r"\s*(?:先生|女士|小姐|同志|老师|医生|大夫|师傅|经理|主任|局长|科长|书记|市长|区长|县长|镇长|乡长|村长|处长|队长|校长|院长|所长|站长|部长|厅长|会长|董事长|总经理|律师|警官|阿姨|大爷|大妈|奶奶|爷爷|叔叔|老板|老人|"
    r"[（(，,]\s*(?:身份证|电话|手机|男|女|系|原|现任|联系)|等[0-9一二三四五六七八九十]+人|[:：]\s*您好)"
)
_BEFORE: Final = frozenset("和与跟被给由对找请叫让把同是为及的、称请托替陪送接")
_AFTER: Final = frozenset(
    "的和与跟说在是向把被给家等来住已曾因对称反表投多再也都就不没有电要想将去到回打从以及、签买交办领任当自又还却并让请"
)
_PLACE: Final = frozenset(
    "冲港河坳坪垸岭镇村路街桥苑城园区县乡巷湾塘坡寺庙府里站店"
)  # ends a place, not a name
_NO_NAME: Final = frozenset("家某氏总工处队姓局")  # what follows a surname without being a name
_PLACE_NEXT: Final = re.compile(
    r"[镇村路街桥苑乡巷湾塘坡寺郡]|大道|公司|集团|医院|幼儿园|小学|中学|学校|广场|社区|公园|大厦|酒店|地产|建材|建设|超市|商场|高铁|家园|花园|小区"
)
_NAMED_THING: Final = re.compile(
    r"[^\W的在是说与和跟向被给对我他她你有要请把从到就也都不没将]{0,4}(?:有限|公司|集团|花园|广场|小区|物业|地产|学校|幼儿园|医院|公园|地铁|火车|国际|商业|大厦|"
    r"楼盘|[书林花雅名]苑|都荟|酒店|宾馆|安置区|二小|一小|中学|越玺|[村乡镇](?![民干支委书主长医])|一期|二期|三期|[0-9]+栋|嘉园|名邸|新城|华城|水岸|工业|开发|铁路|高速|项目|教育用地|自然资源)"
)
_EDGE: Final = re.compile(r"[^\u4e00-\u9fff]")
NEEDED: Final = 5
_NEITHER: Final = -2
# no given name holds them, or next to none: words of grammar, and what ends a place, an office or a thing
_NEVER: Final = frozenset(
    "的了在是我你他她它们这那哪有和与跟就不没都也还又很更最只把被给让使向往对从到于而且或但并因所以若则虽则即既么吗呢吧啊呀之其此每各某些几亦将应该要会能可"
    "家房车楼门户费款钱局院厅处科股室部司厂店铺站所社组队区县市镇乡村路街道桥巷号栋层期月日时分点第个位名元万千百吨米里内外前后左右间旁边处说问看听做打买卖住吃喝"
    "事物件业务员工者性式化法权益理由题案单项情况问题书信电话网络机器设备材料程序管道污染施噪停收付罚办审批报告诉求投举证据修建拆征租售"
)
_FAR: Final = -6
# a name the dictionary knows or took for one; a word of another kind; what begins or ends inside a word; what ends
# inside what the dictionary took for a longer name; what fits its parting; what is given being a word
_EXACT, _OTHER, _CUT_START, _CUT_END, _CUT_NAME, _FITS, _GIVEN_WORD = 3, -6, -3, -2, 0, 1, -2
_RARELY: Final = 2
_ALONE: Final = 2  # between two marks stands nothing but the name
_CUED_LEAST: Final = -2  # a title or a word like 联系人 weighs more than how the dictionary parts the text


@dataclass(frozen=True, slots=True)
class Name:
    start: int
    end: int
    points: int
    reason: str


def names(text: str) -> list[Name]:
    """Names, in order and without overlaps; of two that overlap the one with more points."""
    words = _words(text)
    found = [each for start in range(len(text)) for each in _at(text, start, words) if each.points >= NEEDED]
    kept: list[Name] = []
    for each in sorted(found, key=lambda one: (-one.points, one.start - one.end, one.start)):
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.start)


@dataclass(frozen=True, slots=True)
class _Words:
    """The text as the dictionary parts it: where each word begins, by each character, and what kind it is."""

    begins: list[int]
    ends: list[int]
    kinds: list[str]


_PERSON: Final = re.compile(r"(?:先生|女士|小姐|师傅|阿姨|大爷|大妈|奶奶|爷爷|叔叔|老师|医生|大夫|警官)")


def _by_title(text: str, start: int) -> list[Name]:
    """A surname alone before a title: 王女士."""
    first = 2 if text[start : start + 2] in _DOUBLE else 1
    free = start == 0 or _EDGE.match(text[start - 1]) or text[start - 1] in _BEFORE
    if not free or not _PERSON.match(text, start + first):
        return []
    return [Name(start, start + first, NEEDED, "姓氏加称呼")]


def _words(text: str) -> _Words:
    begins: list[int] = []
    ends: list[int] = []
    kinds: list[str] = []
    for word, kind in rjieba.tag(text):
        at = len(begins)
        begins += [at] * len(word)
        ends += [at + len(word)] * len(word)
        kinds += [kind] * len(word)
    return _Words(begins, ends, kinds)


def _at(text: str, start: int, words: _Words) -> list[Name]:
    if text[start : start + 2] in _DOUBLE:
        first, points = 2, 4
    elif text[start] in _SURE:
        first, points = 1, 2
    elif text[start] in _DOUBTFUL:
        first, points = 1, int(text[start] in _FREQUENT)
    else:
        return []
    before, cued = _left(text, start)
    ends = [start + first + given for given in (1, 2) if start + first + given <= len(text)]
    judged = [_judged(text, start, end, points + before, cued=cued, words=words) for end in ends]
    return [*judged, *_by_title(text, start)]


def _judged(text: str, start: int, end: int, points: int, *, cued: bool, words: _Words) -> Name:
    first = 2 if text[start : start + 2] in _DOUBLE else 1
    given = text[start + first : end]
    after, titled = _right(text, end)
    if _TITLE.match(text, start + first):
        points -= 20
    if text[start : start + 2] in _WORDS and not (cued or titled):
        points -= 6
    if given[-1] in _PLACE:
        points -= 4 if cued or titled else 7
    elif _PLACE_NEXT.match(text, end):
        points -= 4
    points += sum(_usual(each) for each in given) + after + (len(given) == 2)
    points -= 6 * (given in _NO_NAME and not titled)
    points -= _RARELY * (text[start] in _RARE and not cued and not titled)
    short = len(given) == 1 and text[start] in _DOUBTFUL and text[start] not in _FREQUENT
    points -= short and not cued and not titled
    if not cued and not titled and _NAMED_THING.match(text, end):
        points -= 4
    points += _ALONE * (_edge_before(text, start) and _edge_after(text, end))
    parted = _parted(start, end, words)
    points += max(parted, _CUED_LEAST) if cued or titled else parted
    reason = "姓氏加称呼" if titled else "称谓之后的姓名" if cued else "姓氏加常见名字用字"
    return Name(start, end, points, reason)


def _parted(start: int, end: int, words: _Words) -> int:
    """What the dictionary says: for a name it knows or took for one, against what cuts words or is one."""
    last, whole = end - 1, words.begins[start] == start
    if whole and words.ends[start] == end:
        return _EXACT if words.kinds[start].startswith("nr") else _OTHER
    points = 0 if whole else _CUT_START
    if words.ends[last] != end:
        inside = words.kinds[last].startswith("nr") and words.begins[last] <= start
        points += _CUT_NAME if inside else _CUT_END
    elif whole:
        points += _FITS
    two = words.begins[last] > start and words.ends[last] - words.begins[last] > 1
    if two and not words.kinds[last].startswith(("nr", "nz")):
        points += _GIVEN_WORD
    return points


def _edge_before(text: str, start: int) -> bool:
    return start == 0 or bool(_EDGE.match(text[start - 1]))


def _edge_after(text: str, end: int) -> bool:
    return end == len(text) or bool(_EDGE.match(text[end]))


def _usual(character: str) -> int:
    if _EDGE.match(character):
        return -20
    if character in _NEVER and character not in _TYPICAL:
        return _FAR
    return 2 if character in _TYPICAL else 1 if character in _USUAL else _NEITHER


def _left(text: str, start: int) -> tuple[int, bool]:
    said = text[max(0, start - 8) : start]
    if _CUE.search(said):
        return 3, True
    if _PERSON_BEFORE.search(said):
        return 3, False
    if start == 0 or _EDGE.match(text[start - 1]) or text[start - 1] in _BEFORE:
        return 1, False
    return 0, False


def _right(text: str, end: int) -> tuple[int, bool]:
    if _TITLE.match(text, end):
        return 3, True
    if end == len(text) or _EDGE.match(text[end]) or text[end] in _AFTER:
        return 1, False
    return 0, False
