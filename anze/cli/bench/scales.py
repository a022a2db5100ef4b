"""How large the made-up companies are: for measuring, and for seeing that it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Size:
    """How many companies with how many drivers, and how many months of them are judged."""

    companies: int
    least_drivers: int
    most_drivers: int
    months: int
    vehicles: int = 5
    clerks: int = 3
    loose_records: int = 0  # further records of each company, that prove nothing


@dataclass(frozen=True, slots=True)
class GatewaySize:
    """How many terminals connect, and for how many seconds each load lasts."""

    connections: int
    seconds: float
    kills: int
    reporting: int  # terminals while it is killed
    fleet: int  # terminals held
    held: float  # s
    every: float  # s between two positions of each


@dataclass(frozen=True, slots=True)
class Scale:
    company_year: tuple[int, int]  # people, vehicles
    city: Size
    large: Size  # where records are sealed
    huge: Size  # where pages are opened
    papers: Size  # whose people and vehicles have papers
    packed: Size  # whose records are packed
    estimated: Size  # the companies of a city that are estimated
    each: int  # bytes of the file of each
    seconds: float  # for each figure of the codec
    times: int  # seals, tracks
    gateway: GatewaySize
    rows: int  # of the workbook that is imported
    fleet: tuple[int, int]  # vehicles, and how often each reports


FULL = Scale(
    company_year=(300, 1000),
    city=Size(5000, 6, 12, 9),
    large=Size(1, 200, 200, 12, vehicles=1000, clerks=100),
    huge=Size(1, 1500, 1500, 36, vehicles=1000, clerks=100, loose_records=100_000),
    papers=Size(1, 4900, 4900, 3, vehicles=5000, clerks=100, loose_records=50_000),
    packed=Size(1, 20, 20, 12, loose_records=2000),
    estimated=Size(200, 6, 12, 3),
    each=512 * 1024,
    times=30,
    gateway=GatewaySize(5000, 15, 50, 200, 10_000, 120, 30),
    rows=5000,
    seconds=3.0,
    fleet=(1000, 100),
)
SMALL = Scale(
    company_year=(30, 100),
    city=Size(20, 3, 6, 2),
    large=Size(1, 10, 10, 3, clerks=5),
    huge=Size(1, 20, 20, 3, clerks=5, loose_records=300),
    papers=Size(1, 8, 8, 2, loose_records=60),
    packed=Size(1, 3, 3, 2, loose_records=30),
    estimated=Size(4, 3, 6, 2),
    each=4096,
    times=3,
    gateway=GatewaySize(50, 1, 3, 20, 60, 3, 1),
    rows=30,
    seconds=0.0,
    fleet=(10, 20),
)
