"""How names of people are made: family names, characters that end given names, and the ways offices write them.

Everything is RE2 text for ``str.format``, so that braces stand doubled.
"""

from typing import Final

# The commonest family names, single and compound.
SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季鲍左祝"
    "柳申庄葛涂樊俞翟纪盛齐殷管蓝岳耿牛路聂焦欧关游骆倪庞柯祁柴裴章阎鲁詹霍阮娄辛童牟凌柏饶时包娜项甘屈冉宁卓华应蒙苗"
    "成庹车艾佘解温芦喻祖舒郁简辜宗冷穆席伍查巩迟毕梅符滕楼安谷虞闵房缪干冼卞经巫晏佟傅池荣商桂尚仇麦隋丛原谌狄奚栗赫"
    "桑邢揭芮储靳糜松幸司韶郜薄宿怀蒲邰鄂索咸籍卫刁邬强蔚越夔隆厍晁勾敖融訾阚鞠丰巢蒯荆竺盖"
)
COMPOUND: Final = (
    "欧阳|上官|司马|诸葛|皇甫|令狐|司徒|夏侯|东方|尉迟|公孙|慕容|端木|长孙|宇文|轩辕|钟离|呼延|南宫|独孤|赫连|澹台"
    "|申屠|太史|公冶|濮阳|闻人|淳于|单于|拓跋"
)
# Characters that given names end with. Words that begin with a family name by chance seldom end with one of them.
GIVEN: Final = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红建国志华文玉梅春生海波鹏飞雪婷欣怡子涵浩宇梓轩诗雨辉玲燕鑫萍琴"
    "莉斌健宁旭凤洁俊博林峰龙云萌倩颖丹蕾薇琳慧晶璐琪佳瑶莹媛妍晨阳帆凯毅昊天翔东成康光达祥瑞荣福贵财发兴旺庆喜乐安全"
    "良顺利民义仁礼智信忠孝德才学思源清泉江山松柏竹菊莲荷蓉芬芸芝珍珠宝银凡月星辰晓旦昕昱晖晴岚岩岭峻嵩坤乾震恒升泰丰"
    "益谦晋济鼎元亨贞吉豪雄威武剑锋锐铭钧鉴锦钰铮钢铁骏驰骋骥远航程帅将彬彪虎豹鸿雁鹤鹰凰鸣音韵琦琼瑜瑾璇玥珊玮珂珏瑛"
    "琛璞蓓蕊蔓菲萱芷若茜茹苗苏莎嘉善美妮姗姣娇娥婉婕婧媚嫣雯霖露霜冰寒冬夏秋雷霆聪颂颜奇睿哲彦彤形影彩悦恬恺惠愉愿怀"
    "恩慈念忆意心诚谨诺谊谋训译可名家裕禄寿禧禾稳穗立章竞端笑笙筠楠桐梁栋枫柳柔柯森棋楚榕槐樱权根树正步毓永汉沛沁泽洪"
    "津淑淇淳深渊湘溪滨滢漫潇澄澜灵炎炜焕煜照熙燃爱牧特献玄率王玺珉班琢瑄用甫田界畅白百皓盛盈盼眉真祎祖祯祺秉空竣绍纯"
    "经绪维绮缘罡群羽翠翰耀联育胜臣致艺节苑茂范荃莘莞蓝蕙虹融行衍衡西观誉豫贤贝赞越跃迅迎运进迪逸邦郁郡重金钊锁长闻阔"
    "雅霄霏青靖非韬韦顶领颐风飒馨骅骁高魁麒麟黎齐龄儿伊仪传伦佑余佩侠俐傲儒充先克兆兵其冉凌凝勃勋勤化千卓南卫原友双叶"
    "合同向君听启吟和咏品唯喆四圆圣坚培基备复多大太奕好如妙姝姿婵孟存宏宗定宛宜实宣宸容宽宾寅尔尚尧展屹峥崇巍巧希帝年"
    "幸广庚庭廉弘录彰征律微徽必恋悠情惟愚慕懿扬拓振捷敬斐新方施日时昂昌昭晏景晗晟暄暖朋本朴杉李杏来杨杭梦棠歌"
)
_HAN: Final = "\\x{{4e00}}-\\x{{9fff}}"
_HEAD: Final = f"([{SURNAMES}]|{COMPOUND})"
_MINORITY: Final = f"[{_HAN}]{{{{1,8}}}}([·•‧・．][{_HAN}]{{{{1,10}}}})+"
_HIDDEN: Final = f"[{SURNAMES}]([*＊○〇×某xX]{{{{1,3}}}}[{_HAN}]?|[{_HAN}][*＊○〇×])"
_CALLED: Final = (
    f"{_HEAD}[{_HAN}]{{{{0,2}}}}(先生|女士|小姐|同志|师傅|老师|医生|大夫|主任|经理|阿姨|大爷|大妈|叔叔)"
)
_NOTED: Final = "(\\s*[（(].{{1,12}}[）)])?"
_ONE: Final = f"({_HEAD}[{_HAN}]{{{{1,2}}}}|{_MINORITY}|{_HIDDEN}|{_CALLED}){_NOTED}"
# Where the column's name says that it holds names; several in one cell among them.
LOOSE: Final = f"regexp_full_match({{v}}, '{_ONE}([、,，;；/ ]+{_ONE}){{{{0,5}}}}')"
# Where nothing but the values speaks.
PLAIN: Final = (
    f"regexp_full_match({{v}}, '({_HEAD}[{_HAN}]?[{GIVEN}]|{_MINORITY}|{_HIDDEN}|{_CALLED}){_NOTED}')"
)
