"""The words of headers, and what they mean, in English, Russian and Korean."""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "AMOUNT_WORDS",
    "ATTRIBUTE_WORDS",
    "DAILY_WORDS",
    "DATE_WORDS",
    "DERIVED_WORDS",
    "ENTITY_WORDS",
    "FILLER_WORDS",
    "GROUP_WORDS",
    "ID_WORDS",
    "ITEM_WORDS",
    "LIKE_WORDS",
    "NAME_WORDS",
    "OTHER_COUNT_WORDS",
    "OTHER_DATE_WORDS",
    "RUNNING_WORDS",
    "VAGUE_AMOUNT_WORDS",
    "VAGUE_DATE_WORDS",
    "VAGUE_GROUP_WORDS",
    "split_words",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# When.
DATE_WORDS = _words("date dates ds day days timestamp datetime дата день 날짜 일자 일시")
VAGUE_DATE_WORDS = _words("time when at period dt ts время период когда 시간 일")
OTHER_DATE_WORDS = _words(
    "release released publish published publication birth birthday debut join joined joining "
    "upload uploaded registered registration signup premiere opening expiry expires deadline "
    "start started end ended since until before after week weekday month quarter year first last "
    "next previous prev name выхода релиза публикации рождения регистрации премьеры загрузки "
    "начала конца недели неделя месяц месяца год года 개봉 출시 발매 등록 생년 생년월일 업로드 요일"
)

# How many.
AMOUNT_WORDS = _words(
    "view views play plays stream streams listen listens pageview pageviews viewcount playcount "
    "impressions visits hits watches admissions admission просмотр просмотры просмотров "
    "прослушивание прослушивания прослушиваний показы показов стримы стримов "
    "관객수 관람객수 관객 조회수 재생수 시청수 스트리밍수 스트리밍"
)
VAGUE_AMOUNT_WORDS = _words(
    "y value values count counts quantity amount audience attendance traffic demand "
    "значение количество число аудитория трафик 수 값"
)
DAILY_WORDS = _words("daily day ежедневные ежедневно суточные сутки день дня 일일 당일")
RUNNING_WORDS = _words(
    "total totals cumulative cumulated cum cumsum running lifetime alltime overall accumulated "
    "sum всего итого накопленные накопительно накопительный нарастающим общее общие суммарно "
    "누적 합계 총"
)
DERIVED_WORDS = _words(
    "change changes delta diff difference share rate ratio pct percent percentage growth avg "
    "average mean median std rank position index prev previous yesterday lag target goal forecast "
    "predicted duration seconds minutes hours age изменение прирост доля процент среднее ранг "
    "прогноз 증감 점유율 순위 변동 비율 평균 증가율"
)
LIKE_WORDS = _words("like likes лайк лайки лайков 좋아요")
OTHER_COUNT_WORDS = LIKE_WORDS | _words(
    "dislike dislikes follower followers following subscriber subscribers subs comment comments "
    "share shares repost reposts save saves sales revenue price cost screens showings followings "
    "подписчик подписчики подписчиков комментарии комментариев репосты дизлайки выручка "
    "구독자 구독자수 팔로워 댓글 댓글수 매출액 스크린수 상영횟수"
)

# Who.
ENTITY_WORDS = {
    word: entity
    for entity, words in {
        "creator": "creator creators tiktoker youtuber influencer blogger streamer vtuber креатор "
        "блогер блогера инфлюенсер стример 크리에이터 유튜버 스트리머",
        "channel": "channel channels канал канала 채널",
        "author": "author authors автор автора 작성자 저자",
        "user": "user users username account аккаунт пользователь пользователя 사용자 계정",
        "artist": "artist artists performer исполнитель исполнителя артист 아티스트 가수",
        "track": "track tracks song songs трек трека песня песни 곡 트랙 노래",
        "video": "video videos clip видео ролик ролика 동영상 영상",
        "film": "film films movie movies фильм фильма 영화",
        "show": "show shows podcast episode шоу подкаст 방송 프로그램",
    }.items()
    for word in words.split()
}
ITEM_WORDS = _words("item items series unique sku товар ряд 항목")
ID_WORDS = _words("id ids code key uuid guid ид айди код 코드 아이디 번호")
NAME_WORDS = _words("name title nickname nick handle имя ник название наименование 명 이름 제목")
ATTRIBUTE_WORDS = ID_WORDS | NAME_WORDS | _words("url link type language country region area")

# Which kind.
GROUP_WORDS = _words(
    "category categories genre genres vertical niche topic категория категории категорий жанр "
    "жанра рубрика тематика 카테고리 장르"
)
VAGUE_GROUP_WORDS = _words("group groups segment группа сегмент 그룹 분류")

# Words that add nothing.
FILLER_WORDS = _words(
    "the a an of in for per by on and number num no count counts n total_ observation observed "
    "report reporting record event data snapshot stat stats statistics calendar local utc за в во "
    "на и по кол количество число отчета отчёта наблюдения просмотра данных "
    "조회 기준 집계 관측 수"
)

_HANGUL = re.compile(r"[가-힣]+")
_KNOWN_HANGUL = sorted(
    {
        word
        for words in (
            DATE_WORDS, VAGUE_DATE_WORDS, OTHER_DATE_WORDS, AMOUNT_WORDS, VAGUE_AMOUNT_WORDS,
            DAILY_WORDS, RUNNING_WORDS, DERIVED_WORDS, OTHER_COUNT_WORDS, ENTITY_WORDS,
            ITEM_WORDS, ID_WORDS, NAME_WORDS, GROUP_WORDS, VAGUE_GROUP_WORDS, FILLER_WORDS,
        )
        for word in words
        if _HANGUL.fullmatch(word)
    },
    key=lambda word: (-len(word), word),
)  # fmt: skip


def split_words(header: str) -> tuple[str, ...]:
    """Split a header in words: at spaces, underscores, hyphens, capitals, and in Korean by sense.

    Examples
    --------
    >>> split_words(" TikTokerID "), split_words("DAILY_STREAM"), split_words("누적관객수")
    (('tik', 'toker', 'id'), ('daily', 'stream'), ('누적', '관객수'))
    """
    text = unicodedata.normalize("NFC", header)
    text = re.sub(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])", " ", text)
    text = re.sub(r"(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё])", " ", text)
    words: list[str] = []
    for word in re.findall(r"[^\W_]+", text.casefold()):
        words += _split_hangul(word) if _HANGUL.fullmatch(word) else [word]
    return tuple(words)


def _split_hangul(word: str) -> list[str]:
    """Split a Korean compound at the words that are known; what lies between stays whole."""
    if not word:
        return []
    for known in _KNOWN_HANGUL:
        if len(known) > 1 or word.endswith(known):
            before, found, after = (
                word.rpartition(known) if len(known) == 1 else word.partition(known)
            )
            if found and not (len(known) == 1 and after):
                return [*_split_hangul(before), known, *_split_hangul(after)]
    return [word]
