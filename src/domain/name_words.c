#include "domain/name_words.h"

#include <string.h>
#include <uchar.h>

/* Variant and Japanese forms that occur in names and that ICU's table of traditional characters leaves alone or brings to
 * something rarer: the character, then the one kept. Sorted by the first; none of the kept is itself a variant. */
static const char32_t name_words_variants[][2] = {
    {U'亀', U'龟'}, {U'亊', U'事'}, {U'亜', U'亚'}, {U'仚', U'仙'}, {U'伝', U'传'}, {U'価', U'价'}, {U'僊', U'仙'},
    {U'兎', U'兔'}, {U'児', U'儿'}, {U'兪', U'俞'}, {U'冨', U'富'}, {U'凃', U'涂'}, {U'剣', U'剑'}, {U'劎', U'剑'},
    {U'勅', U'敕'}, {U'勣', U'绩'}, {U'勲', U'勋'}, {U'卽', U'即'}, {U'厰', U'厂'}, {U'叡', U'睿'}, {U'呉', U'吴'},
    {U'喆', U'哲'}, {U'喦', U'岩'}, {U'囌', U'苏'}, {U'囯', U'国'}, {U'囻', U'国'}, {U'圀', U'国'}, {U'埳', U'坎'},
    {U'堃', U'坤'}, {U'塩', U'盐'}, {U'墖', U'塔'}, {U'夀', U'寿'}, {U'変', U'变'}, {U'妳', U'你'}, {U'嫺', U'娴'},
    {U'嬭', U'奶'}, {U'孼', U'孽'}, {U'実', U'实'}, {U'宻', U'密'}, {U'寀', U'采'}, {U'寔', U'实'}, {U'寕', U'宁'},
    {U'寗', U'宁'}, {U'寳', U'宝'}, {U'対', U'对'}, {U'尭', U'尧'}, {U'峩', U'峨'}, {U'峯', U'峰'}, {U'崐', U'昆'},
    {U'嵒', U'岩'}, {U'嵗', U'岁'}, {U'嶋', U'岛'}, {U'嶽', U'岳'}, {U'巌', U'岩'}, {U'巗', U'岩'}, {U'帰', U'归'},
    {U'幷', U'并'}, {U'廸', U'迪'}, {U'彊', U'强'}, {U'徧', U'遍'}, {U'徳', U'德'}, {U'恊', U'协'}, {U'恠', U'怪'},
    {U'恵', U'惠'}, {U'惪', U'德'}, {U'愼', U'慎'}, {U'懐', U'怀'}, {U'戯', U'戏'}, {U'戱', U'戏'}, {U'戸', U'户'},
    {U'拝', U'拜'}, {U'攷', U'考'}, {U'敍', U'叙'}, {U'敎', U'教'}, {U'斉', U'齐'}, {U'斎', U'斋'}, {U'旣', U'既'},
    {U'昬', U'昏'}, {U'昻', U'昂'}, {U'晩', U'晚'}, {U'暠', U'皓'}, {U'曁', U'暨'}, {U'曡', U'叠'}, {U'曽', U'曾'},
    {U'朶', U'朵'}, {U'栁', U'柳'}, {U'栄', U'荣'}, {U'栢', U'柏'}, {U'桜', U'樱'}, {U'桺', U'柳'}, {U'棃', U'梨'},
    {U'椉', U'乘'}, {U'検', U'检'}, {U'楽', U'乐'}, {U'榦', U'干'}, {U'槀', U'槁'}, {U'槪', U'概'}, {U'橤', U'蕊'},
    {U'櫂', U'棹'}, {U'歩', U'步'}, {U'歳', U'岁'}, {U'殭', U'僵'}, {U'毎', U'每'}, {U'毘', U'毗'}, {U'気', U'气'},
    {U'氷', U'冰'}, {U'沢', U'泽'}, {U'浄', U'净'}, {U'淸', U'清'}, {U'済', U'济'}, {U'渉', U'涉'}, {U'渓', U'溪'},
    {U'渕', U'渊'}, {U'湻', U'淳'}, {U'滙', U'汇'}, {U'滝', U'泷'}, {U'瀬', U'濑'}, {U'煇', U'辉'}, {U'爗', U'烨'},
    {U'牠', U'它'}, {U'犂', U'犁'}, {U'玅', U'妙'}, {U'珎', U'珍'}, {U'珤', U'宝'}, {U'琁', U'璇'}, {U'琹', U'琴'},
    {U'瑠', U'琉'}, {U'璢', U'琉'}, {U'璿', U'璇'}, {U'甞', U'尝'}, {U'甦', U'苏'}, {U'甯', U'宁'}, {U'畊', U'耕'},
    {U'畧', U'略'}, {U'畨', U'番'}, {U'疎', U'疏'}, {U'瘉', U'愈'}, {U'発', U'发'}, {U'皐', U'皋'}, {U'皜', U'皓'},
    {U'盌', U'碗'}, {U'県', U'县'}, {U'睂', U'眉'}, {U'矦', U'侯'}, {U'碁', U'棋'}, {U'祐', U'佑'}, {U'秌', U'秋'},
    {U'秔', U'粳'}, {U'秖', U'只'}, {U'稲', U'稻'}, {U'稾', U'稿'}, {U'穂', U'穗'}, {U'穐', U'秋'}, {U'窓', U'窗'},
    {U'竒', U'奇'}, {U'竜', U'龙'}, {U'竝', U'并'}, {U'糉', U'粽'}, {U'紬', U'绸'}, {U'経', U'经'}, {U'継', U'继'},
    {U'総', U'总'}, {U'緖', U'绪'}, {U'緜', U'绵'}, {U'繍', U'绣'}, {U'罋', U'瓮'}, {U'聡', U'聪'}, {U'肧', U'胚'},
    {U'脩', U'修'}, {U'臙', U'胭'}, {U'臯', U'皋'}, {U'舎', U'舍'}, {U'艶', U'艳'}, {U'芲', U'花'}, {U'荘', U'庄'},
    {U'菴', U'庵'}, {U'葠', U'参'}, {U'蓡', U'参'}, {U'蓺', U'艺'}, {U'蔵', U'藏'}, {U'蔾', U'藜'}, {U'蕋', U'蕊'},
    {U'蕚', U'萼'}, {U'薬', U'药'}, {U'蘂', U'蕊'}, {U'蘓', U'苏'}, {U'蛍', U'萤'}, {U'衖', U'弄'}, {U'衞', U'卫'},
    {U'袴', U'裤'}, {U'覚', U'觉'}, {U'覩', U'睹'}, {U'読', U'读'}, {U'謌', U'歌'}, {U'譲', U'让'}, {U'讎', U'仇'},
    {U'讐', U'仇'}, {U'豊', U'丰'}, {U'賔', U'宾'}, {U'賛', U'赞'}, {U'踈', U'疏'}, {U'躭', U'耽'}, {U'転', U'转'},
    {U'軽', U'轻'}, {U'辺', U'边'}, {U'迆', U'迤'}, {U'逈', U'迥'}, {U'逰', U'游'}, {U'逹', U'达'}, {U'遅', U'迟'},
    {U'遶', U'绕'}, {U'邨', U'村'}, {U'郞', U'郎'}, {U'郷', U'乡'}, {U'鄕', U'乡'}, {U'釈', U'释'}, {U'鉄', U'铁'},
    {U'銕', U'铁'}, {U'銭', U'钱'}, {U'鍳', U'鉴'}, {U'鎌', U'镰'}, {U'鎭', U'镇'}, {U'鏇', U'旋'}, {U'闗', U'关'},
    {U'陗', U'峭'}, {U'陜', U'陕'}, {U'険', U'险'}, {U'隂', U'阴'}, {U'隠', U'隐'}, {U'隣', U'邻'}, {U'雑', U'杂'},
    {U'雝', U'雍'}, {U'霊', U'灵'}, {U'靑', U'青'}, {U'靭', U'韧'}, {U'頴', U'颖'}, {U'頼', U'赖'}, {U'顕', U'显'},
    {U'颕', U'颖'}, {U'飇', U'飙'}, {U'飈', U'飙'}, {U'飜', U'翻'}, {U'駅', U'驿'}, {U'騐', U'验'}, {U'験', U'验'},
    {U'髙', U'高'}, {U'髪', U'发'}, {U'鬪', U'斗'}, {U'鳯', U'凤'}, {U'鴈', U'雁'}, {U'鴬', U'莺'}, {U'鵞', U'鹅'},
    {U'鶏', U'鸡'}, {U'麐', U'麟'}, {U'麪', U'面'}, {U'麴', U'曲'}, {U'黒', U'黑'}, {U'黙', U'默'}, {U'齢', U'龄'},
    {U'龎', U'庞'}, {U'龢', U'和'},
};

int32_t name_words_variant(int32_t point)
{
    size_t low = 0, high = sizeof name_words_variants / sizeof *name_words_variants;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int32_t found = (int32_t)name_words_variants[middle][0];
        if (found == point) return (int32_t)name_words_variants[middle][1];
        if (found < point)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* Left out: those that are more often one character and the given name's first (单于, 乐正, 谷梁). */
static const char *const name_words_compounds[] = {
    "欧阳", "上官", "司马", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙", "轩辕", "令狐",
    "宇文", "长孙", "慕容", "司空", "司寇", "闻人", "端木", "百里", "呼延", "澹台", "公冶", "公羊", "公西", "太史",
    "申屠", "濮阳", "淳于", "仲孙", "钟离", "鲜于", "闾丘", "赫连", "西门", "东郭", "南门", "东里", "左丘", "万俟",
    "亓官", "巫马", "拓跋", "漆雕", "宰父", "壤驷", "颛孙", "第五", "完颜", "纳兰", "叶赫", "那拉", "贺兰", "耶律",
};

bool name_words_compound(const char *text)
{
    for (size_t i = 0; i < sizeof name_words_compounds / sizeof *name_words_compounds; i++)
        /* The last byte of a character tells most of them apart; a bundle asks this of everybody. */
        if (text[2] == name_words_compounds[i][2] && strncmp(text, name_words_compounds[i], 6) == 0) return true;
    return false;
}

bool name_words_reading(const char **reading, const char **initials, const char *surname, size_t len)
{
    static const char *const readings[][3] = {
        {"单", "shan", "s"},      {"曾", "zeng", "z"},     {"解", "xie", "x"},     {"仇", "qiu", "q"},
        {"区", "ou", "o"},        {"查", "zha", "z"},      {"盖", "ge", "g"},      {"朴", "piao", "p"},
        {"缪", "miao", "m"},      {"乐", "yue", "y"},      {"翟", "zhai", "z"},    {"覃", "qin", "q"},
        {"秘", "bi", "b"},        {"员", "yun", "y"},      {"召", "shao", "s"},    {"种", "chong", "c"},
        {"黑", "he", "h"},        {"繁", "po", "p"},       {"折", "she", "s"},     {"洗", "xian", "x"},
        {"重", "chong", "c"},     {"卜", "bu", "b"},       {"都", "du", "d"},      {"阚", "kan", "k"},
        {"隗", "wei", "w"},       {"祭", "zhai", "z"},     {"薄", "bo", "b"},      {"能", "nai", "n"},
        {"难", "ning", "n"},      {"佴", "nai", "n"},      {"不", "fou", "f"},     {"乜", "nie", "n"},
        {"句", "gou", "g"},       {"炅", "gui", "g"},      {"省", "xing", "x"},    {"荤", "xun", "x"},
        {"蔚", "yu", "y"},        {"角", "jue", "j"},      {"郇", "xun", "x"},     {"藏", "zang", "z"},
        {"澹台", "tantai", "tt"}, {"尉迟", "yuchi", "yc"}, {"万俟", "moqi", "mq"}, {"长孙", "zhangsun", "zs"},
    };
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        if (len >= 3 && surname[2] == readings[i][0][2] && strlen(readings[i][0]) == len &&
            memcmp(surname, readings[i][0], len) == 0) {
            *reading = readings[i][1];
            *initials = readings[i][2];
            return true;
        }
    return false;
}
