/*
 * catalogue.c: what the demo shop sells, to whom. See catalogue.h.
 */
#include "demo/catalogue.h"

#define YUAN(yuan)                                                                                 \
    { INT64_C(100) * (yuan) }
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

const struct demo_goods demo_goods[] = {
    {"青峰 12 Pro 手机 12GB+256GB 雾蓝", YUAN(3999)},
    {"青峰 12 手机 8GB+128GB 曜石黑", YUAN(2499)},
    {"青峰 Fold 折叠手机 16GB+512GB", YUAN(8999)},
    {"青峰 Lite 手机 8GB+128GB 竹青", YUAN(1299)},
    {"云帆 14 轻薄本 16GB+512GB", YUAN(5299)},
    {"云帆 16 Pro 笔记本 32GB+1TB", YUAN(8499)},
    {"云帆 游戏本 RTX 版 16GB+1TB", YUAN(9799)},
    {"云帆 Pad 11 平板 128GB", YUAN(1899)},
    {"云帆 Pad 13 平板 256GB 含手写笔", YUAN(3299)},
    {"澄光 65 英寸 4K 电视", YUAN(2999)},
    {"澄光 85 英寸 Mini LED 电视", YUAN(7999)},
    {"澄光 激光投影 3000 流明", YUAN(4599)},
    {"净岳 扫拖机器人 自清洁版", YUAN(2799)},
    {"净岳 无线吸尘器 G10", YUAN(1499)},
    {"净岳 洗地机 双滚刷", YUAN(2199)},
    {"南风 1.5 匹变频空调 一级能效", YUAN(2699)},
    {"南风 3 匹立柜式空调", YUAN(5999)},
    {"北辰 十字门冰箱 510 升", YUAN(3799)},
    {"北辰 滚筒洗烘一体机 10 公斤", YUAN(3199)},
    {"北辰 嵌入式洗碗机 14 套", YUAN(4299)},
    {"逐浪 电动自行车 长续航版", YUAN(3599)},
    {"逐浪 滑板车 4 Pro", YUAN(2399)},
    {"听松 降噪头戴耳机", YUAN(1199)},
    {"听松 家庭影院 5.1.2 回音壁", YUAN(2899)},
    {"观澜 微单相机 24-70 套机", YUAN(9299)},
    {"观澜 运动相机 双电套装", YUAN(2599)},
    {"星野 智能手表 eSIM 版", YUAN(1599)},
    {"星野 儿童手表 4G", YUAN(799)},
    {"禾木 人体工学椅", YUAN(1399)},
    {"禾木 电动升降桌 1.6 米", YUAN(1999)},
    {"清泉 净水器 1200 加仑", YUAN(1799)},
    {"清泉 空气净化器 Max", YUAN(1699)},
};
const size_t demo_goods_count = COUNT(demo_goods);

const struct demo_goods demo_extras[] = {
    {"青峰 手机保护壳 透明", YUAN(59)},
    {"青峰 67W 充电器套装", YUAN(149)},
    {"听松 真无线耳机 标准版", YUAN(299)},
    {"云帆 磁吸键盘", YUAN(399)},
    {"延长保修一年", YUAN(199)},
    {"净岳 滤芯套装", YUAN(129)},
    {"观澜 128GB 存储卡", YUAN(169)},
    {"澄光 挂架与安装", YUAN(199)},
};
const size_t demo_extras_count = COUNT(demo_extras);

const char *const demo_surnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周",
    "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许",
    "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜",
    "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "欧阳", "上官", "司徒"};
const size_t demo_surnames_count = COUNT(demo_surnames);

const char *const demo_given_names[] = {"子墨", "雨桐", "浩然", "诗涵", "宇轩", "欣怡", "一鸣",
    "梓萱", "俊杰", "思远", "嘉宁", "明哲", "静怡", "建国", "秀兰", "伟", "芳", "娜", "敏", "静",
    "磊", "洋", "艳", "勇", "杰", "涛", "超", "霞", "平", "刚", "桂英", "志强", "晓明", "海燕",
    "立新", "文博", "若曦", "景行", "知夏", "清扬", "安然", "慕白", "予安", "书瑶", "云舒", "承泽",
    "可欣", "子涵", "博文", "佳琪", "天佑", "语嫣", "星河", "望舒", "怀瑾", "南风", "青禾", "以沫",
    "乐天", "晚晴"};
const size_t demo_given_names_count = COUNT(demo_given_names);
