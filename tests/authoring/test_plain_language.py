"""The reader's measure: sentences, common words, and those to explain."""

from lms.authoring.plain_language import measure, words


def test_sentences_are_counted_without_punctuation() -> None:
    found = measure("先走近。再慢慢说：“张奶奶，早上好。”\n她笑了！")
    assert (found.sentences, found.characters, found.longest) == (4, 16, "“张奶奶，早上好")


def test_words_are_the_longest_known_ones() -> None:
    assert list(words("护理员给老人喂饭，ABC 12")) == ["护理员", "给", "老人", "喂饭"]


def test_rare_words_are_outside_and_everyday_ones_are_not() -> None:
    found = measure("奶奶有谵妄。谵妄不是失智。给她换尿布。")
    assert found.outside == {"谵妄": 2}
    assert 0 < found.outside_share < 0.3


def test_long_sentences_are_counted() -> None:
    assert measure("他" * 25 + "。" + "他" * 26 + "。").long_sentences == 1


def test_nothing_reads_as_nothing() -> None:
    found = measure("……")
    assert (found.sentences, found.characters_a_sentence, found.outside_share) == (0, 0.0, 0.0)
