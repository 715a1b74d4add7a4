"""Documents for tests: invented texts, made through the same door as real ones."""

from datetime import date
from itertools import count
from typing import Any

from sqlmodel import Session

from handbook.library.forms import DocumentIn
from handbook.library.importing.converting import convert
from handbook.library.models import Document
from handbook.library.rules.taking_in import import_document
from handbook.organisation.models import Unit
from handbook.policy.actor import Actor
from tests.factories.organisation import an_organisation

RESOLUTION = """ĐẢNG BỘ THÀNH PHỐ VÂN HẢI
ĐẢNG ỦY PHƯỜNG AN LẠC ĐÔNG

Số 07-NQ/ĐU

An Lạc Đông, ngày 18 tháng 8 năm 2026

NGHỊ QUYẾT

về xây dựng phường học tập và phổ cập kỹ năng số đến từng hộ dân

I. TÌNH HÌNH

Phường có 12 tổ dân phố. Nhiều hộ đã quen làm thủ tục trên mạng, nhưng người cao tuổi còn ngại, chưa có ai chỉ tận nhà.

II. NHIỆM VỤ VÀ GIẢI PHÁP

1. Mở góc học tập ở mỗi tổ dân phố

Mỗi nhà văn hóa dành một phòng mở cửa ba buổi tối trong tuần, có bàn ghế, đèn đủ sáng và mạng không dây.

2. Đảng viên học trước, làm trước

Mỗi đảng viên nhận giúp từ hai đến ba hộ gần nhà và ghi kết quả mỗi tháng một lần.
"""
_serial = count(1)


def a_document(
    db: Session, *, unit: Unit | None = None, text: str = RESOLUTION, publish: bool = True, **fields: Any
) -> Document:
    """A document addressed to `unit` (the ward when not told), published unless told otherwise."""
    unit = unit or an_organisation(db).ward
    converted = convert("van-kien.txt", text.encode())
    number = next(_serial)
    facts: dict[str, Any] = {
        "kind": "nghi-quyet",
        "number": number,
        "symbol": f"{number:02d}-NQ/ĐU",
        "issuer": "Đảng ủy phường An Lạc Đông",
        "issued_on": date(2026, 8, 18),
        "classification": "thuong",
        "title": converted.facts.title,
        "unit_code": unit.code,
        "publish": publish,
        **fields,
    }
    taken = import_document(db, Actor.system(), DocumentIn(**facts), converted.sections, words=converted.word_count)
    db.flush()
    return taken.document
