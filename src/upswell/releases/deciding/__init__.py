"""From scores to decisions: what promotion may win and lose, how cautious to be, whom to fund.

Profit is linear in streams, so all is read from the columns that go out: the mean and 19 quantiles
of each release. The same functions decide on this week's scores and on past ones, whose outcomes
say what each caution would have come to.
"""

from upswell.releases.deciding.codes import CODES, DECISIONS
from upswell.releases.deciding.money import break_even, load_money, profit

__all__ = ["CODES", "DECISIONS", "break_even", "load_money", "profit"]
