"""Rules over the learned ranking: what nobody needs to say, and what a question rules out."""

import numpy as np
import pytest

from nlp.entries import Entry
from nlp.leanings import LEAD
from nlp.query import read_query
from nlp.ranking import rank
from nlp.retrieval import Index

_NAMES = {
    "death": "Thủ tục đăng ký khai tử",
    "death_foreign": "Thủ tục đăng ký khai tử có yếu tố nước ngoài",
    "death_again": "Thủ tục đăng ký lại khai tử",
    "funeral": "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
    "guest": "Khai báo tạm trú cho người nước ngoài tại Việt Nam",
    "stay": "Đăng ký tạm trú",
    "leave": "Thủ tục đăng ký nghĩa vụ quân sự chuyển đi khi thay đổi nơi cư trú",
    "arrive": "Thủ tục đăng ký nghĩa vụ quân sự chuyển đến khi thay đổi nơi cư trú",
    "water": "Cấp giấy phép khai thác nước dưới đất đối với công trình có quy mô dưới 5.000 m3/ngày đêm",
    "much_water": "Cấp giấy phép khai thác nước dưới đất công trình có quy mô từ 5.000 m3/ngày đêm trở lên",
    "shop": "Đăng ký thay đổi nội dung đăng ký hộ kinh doanh",
    "firm": "Thông báo thay đổi ngành nghề kinh doanh của doanh nghiệp",
    "pension": "Giải quyết hưởng lương hưu, trợ cấp hàng tháng đối với cán bộ xã",
    "old": "Thực hiện, điều chỉnh, thôi hưởng trợ cấp hưu trí xã hội",
    "old_local": "Trợ cấp xã hội hàng tháng cho người cao tuổi từ đủ 75 tuổi đến 80 tuổi",
}
_PHRASES = {
    "death": ("báo tử", "giấy tờ khi nhà có người mới mất"),
    "stay": ("khai tạm trú",),
    "old": ("tiền cho người già", "trợ cấp người già không có lương hưu"),
}
ENTRIES = [
    Entry(key, f"1.0{n:05}", name, _PHRASES.get(key, ()), levels=frozenset({"commune"}))
    for n, (key, name) in enumerate(_NAMES.items())
]


@pytest.fixture(scope="module")
def index():
    return Index.build(ENTRIES)


def matches(index, text):
    return rank(index, read_query(text, index.speller))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ba em mới mất, ra phường làm giấy gì", "death"),
        ("khai tử quá hạn", "death"),
        ("khai tu tre", "death"),
        ("khai tử cho chồng người Đài Loan có yếu tố nước ngoài", "death_foreign"),
        ("đăng ký lại khai tử", "death_again"),
        ("mẹ mất, hỗ trợ chi phí mai táng", "funeral"),
        ("khai báo tạm trú", "stay"),
        ("khai báo tạm trú cho người nước ngoài", "guest"),
        ("đăng ký nghĩa vụ quân sự chuyển đi", "leave"),
        ("nghĩa vụ quân sự chuyển đến phường mới khi thay đổi nơi cư trú", "arrive"),
        ("giấy phép khai thác nước dưới đất 3.000 m3/ngày", "water"),
        ("khai thac nuoc duoi dat 6.000 m3/ngay", "much_water"),
        ("hộ kinh doanh đăng ký thay đổi ngành nghề", "shop"),
        ("công ty thay đổi ngành nghề kinh doanh", "firm"),
        ("82 tuổi không lương hưu", "old"),
        ("bà tui bảy mươi tám tuổi, không có lương hưu", "old"),
        ("cán bộ xã hưởng lương hưu trợ cấp hàng tháng", "pension"),
    ],
)
def test_the_first_is_what_a_citizen_means(index, text, key):
    assert matches(index, text)[0].family.members[0].key == key


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bà tui bảy mươi tám tuổi, không có lương hưu, xin trợ cấp hàng tháng", "1.014027"),
        ("mệ năm ni tám mươi lăm, không có lương hưu, nhà nước có cho tiền không", "1.014027"),
        ("bà nội vừa mất thì phải làm giấy tờ gì", "1.000656"),
        ("báo tử muộn một năm có sao không", "1.000656"),
        ("em thuê trọ, khai báo tạm trú ở mô", "1.004194"),
    ],
)
def test_the_catalogue_that_is_built_in_is_led_alike(shelf, text, code):
    best = matches(shelf.index, text)[0].family
    assert code in {member.code for member in best.members}


def test_a_rule_puts_in_order_but_makes_nobody_sure(index):
    first, second = matches(index, "ba em mới mất, ra phường làm giấy gì")[:2]
    assert first.leaning == 0 or first.score <= second.score + LEAD + 1e-4


def test_the_score_is_what_features_and_rules_add(index):
    for match in matches(index, "khai báo tạm trú"):
        assert np.isclose(match.score, match.contributions.sum() + match.leaning)


def test_who_tells_of_a_birth_is_not_led_to_a_death():
    names = ("Thủ tục đăng ký khai sinh", "Thủ tục đăng ký khai tử")
    phrases = ((), ("mẹ tôi mất hôm qua cần làm giấy gì",))
    entries = [
        Entry(name, f"1.0{n:05}", name, own, levels=frozenset({"commune"}))
        for n, (name, own) in enumerate(zip(names, phrases, strict=True))
    ]
    index = Index.build(entries)

    def added(text):
        return {match.family.name: match.leaning for match in matches(index, text)}

    assert added("con tui mới sanh hôm qua cần làm giấy gì")["đăng ký khai tử"] < 0
    assert added("con mới sinh thì mất, khai tử sao")["đăng ký khai tử"] >= 0
