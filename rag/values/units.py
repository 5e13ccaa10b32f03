"""Units of measure, money and counted things in Indonesian and English, each with its kind and exact factor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from rag.values.tokens import Phrases, word_set

Kind = Literal[
    "number", "ordinal", "score", "money", "percent", "duration", "date", "time", "length", "area", "mass", "volume", "speed", "temperature", "power", "magnitude",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: an amount times `factor` is in the canonical unit `name` of its `kind`."""

    kind: Kind
    name: str
    factor: Fraction = Fraction(1)


def _units(kind: Kind, name: str, rows: dict[str, str]) -> dict[str, Unit]:
    """One canonical unit's table from rows of "factor": "phrase|phrase"."""
    return {
        phrase: Unit(kind, name, Fraction(factor)) for factor, phrases in rows.items() for phrase in phrases.split("|")
    }


_SHARED = (
    _units("percent", "%", {"1": "%|persen|percent|per cent|pct|percentage points|poin persentase|persen poin"})
    | _units("length", "m", {"1": "m|mdpl|meter", "1000": "km|kilometer", "1/100": "cm", "1/1000": "mm"})
    | _units("area", "m2", {"1": "m2|m²|sqm", "10000": "ha", "1000000": "km2|km²|sq km"})
    | _units("mass", "kg", {"1": "kg|kilo|kilogram", "1000": "ton", "1/1000": "gram", "1/1000000": "mg"})
    | _units("volume", "l", {"1": "liter", "1000": "m3|m³|kiloliter", "158.987294928": "barel"})
    | _units("speed", "km/h", {
        "1": "km/jam|km/h|kpj|kph|kmh|km per jam|km per hour|kilometer per jam", "1.852": "knot|knots", "3.6": "m/s",
        "1.609344": "mph",
    })
    | _units("temperature", "C", {"1": "°C|° C|derajat Celsius|derajat Celcius|degrees Celsius|degree Celsius|Celsius"})
    | _units("temperature", "degree", {"1": "°|derajat|degrees"})
    | _units("temperature", "F", {"1": "°F|derajat Fahrenheit|degrees Fahrenheit"})
    | _units("power", "W", {"1": "watt|watts", "1000": "kW|kilowatt|kilowatts", "1000000": "MW|megawatt|megawatts",
                            "1000000000": "GW|gigawatt|gigawatts"})
    | _units("magnitude", "M", {"1": "SR|skala Richter|Magnitudo"})
    | _units("money", "IDR", {"1": "rupiah|IDR|perak"})
    | _units("money", "USD", {
        "1": "USD|dolar AS|dolar Amerika|dolar Amerika Serikat|dolar|US dollars|U.S. dollars|dollars|dollar",
    })
    | _units("money", "EUR", {"1": "EUR|euro|euros"})
    | _units("money", "SGD", {"1": "SGD|dolar Singapura|Singapore dollars"})
    | _units("money", "AUD", {"1": "AUD|dolar Australia|Australian dollars"})
    | _units("money", "CAD", {"1": "CAD|dolar Kanada|Canadian dollars"})
    | _units("money", "NZD", {"1": "NZD|dolar Selandia Baru|New Zealand dollars"})
    | _units("money", "TWD", {"1": "TWD|dolar Taiwan|Taiwan dollars"})
    | _units("money", "HKD", {"1": "HKD|dolar Hong Kong|Hong Kong dollars"})
    | _units("money", "MYR", {"1": "MYR|ringgit"})
    | _units("money", "JPY", {"1": "JPY|yen"})
    | _units("money", "CNY", {"1": "CNY|yuan"})
    | _units("money", "KRW", {"1": "KRW|won Korea"})
    | _units("money", "THB", {"1": "THB|baht"})
    | _units("money", "PHP", {"1": "PHP|peso|pesos"})
    | _units("money", "INR", {"1": "INR|rupee|rupees"})
    | _units("money", "SAR", {"1": "SAR|riyal|riyals"})
    | _units("money", "GBP", {"1": "GBP|pound sterling|pounds sterling|poundsterling"})
    | _units("number", "vehicle", {"1": "unit mobil|mobil"})
)  # fmt: skip

_INDONESIAN = (
    _units("duration", "s", {
        "1": "detik|dtk", "60": "menit|mnt", "3600": "jam", "86400": "hari", "604800": "minggu|pekan",
    })
    | _units("duration", "month", {
        "1": "bulan|bln", "3": "triwulan|kuartal", "6": "semester", "12": "tahun|thn", "60": "lustrum",
        "96": "windu", "120": "dekade|dasawarsa", "1200": "abad",
    })
    | _units("length", "m", {"1/100": "sentimeter|senti", "1/1000": "milimeter", "1609.344": "mil", "0.3048": "kaki",
                             "0.0254": "inci"})
    | _units("area", "m2", {"1": "meter persegi", "100": "are", "10000": "hektare|hektar|hektoare",
                            "1000000": "km persegi|kilometer persegi"})
    | _units("mass", "kg", {"100": "kuintal|kwintal", "0.1": "ons"})
    | _units("volume", "l", {"1000": "meter kubik", "1/1000": "mililiter"})
    | _units("speed", "km/h", {"60": "kilometer per menit|kilometer tiap menit|km per menit", "3.6": "meter per detik"})
    | _units("number", "person", {"1": (
        "orang|jiwa|warga|penduduk|korban|penumpang|penonton|peserta|pasien|siswa|siswi|murid|pelajar|mahasiswa|santri|"
        "pekerja|buruh|karyawan|pegawai|personel|prajurit|anggota|petugas|relawan|pengungsi|nelayan|petani|guru|polisi|"
        "anak|bayi|balita|lansia|perempuan|wanita|laki-laki|pria|pengunjung|turis|wisatawan|jemaah|jamaah|pelari|atlet|"
        "pemain|penghuni|tersangka|terdakwa|saksi|pelaku|wartawan|dokter|perawat|tentara|demonstran|pendukung|suporter|"
        "pelamar|tamu|undangan|nasabah|pedagang|pembeli|sopir|awak|kru|abk|tki|tkw|pmi|nyawa|pemilih|pendaki|penyelam|"
        "pedayung|peselancar|tahanan|narapidana|napi|sandera|buronan|penderita|mahasiswi|remaja|pemuda|biksu"
    )})
    | _units("number", "house", {"1": "rumah|unit rumah|bangunan|gedung"})
    | _units("number", "family", {"1": "keluarga|kk|kepala keluarga"})
    | _units("number", "vessel", {"1": "kapal|perahu|unit kapal"})
    | _units("number", "vehicle", {"1": "kendaraan|truk|unit kendaraan"})
    | _units("number", "seat", {"1": "kursi"})
    | _units("number", "vote", {"1": "suara"})
    | _units("number", "country", {"1": "negara"})
    | _units("number", "village", {"1": "desa|kampung|kelurahan|nagari"})
    | _units("number", "district", {"1": "kecamatan"})
    | _units("number", "regency", {"1": "kabupaten"})
    | _units("number", "province", {"1": "provinsi"})
    | _units("number", "school", {"1": "sekolah"})
    | _units("number", "flight", {"1": "penerbangan"})
    | _units("number", "goal", {"1": "gol"})
    | _units("number", "times", {"1": "kali"})
    | _units("number", "fold", {"1": "kali lipat"})
)  # fmt: skip

_ENGLISH = (
    _units("duration", "s", {
        "1": "second|seconds|sec|secs", "60": "minute|minutes|min|mins", "3600": "hour|hours|hr|hrs",
        "86400": "day|days", "604800": "week|weeks", "1209600": "fortnight|fortnights",
    })
    | _units("duration", "month", {
        "1": "month|months", "3": "quarters", "12": "year|years|year old|years old|yr|yrs", "120": "decade|decades",
        "1200": "century|centuries",
    })
    | _units("length", "m", {
        "1": "metre|metres|meters", "1000": "kilometre|kilometres|kilometers", "1609.344": "mile|miles",
        "1/100": "centimetre|centimetres|centimeter|centimeters", "0.0254": "inch|inches", "0.3048": "foot|feet|ft",
        "1/1000": "millimetre|millimetres|millimeter|millimeters",
    })
    | _units("area", "m2", {
        "1": "square metres|square meters|square metre|square meter", "10000": "hectare|hectares",
        "1000000": "square km|square kilometres|square kilometers|square kilometre|square kilometer|sq. km",
        "4046.8564224": "acre|acres",
    })
    | _units("mass", "kg", {"1": "kilograms|kilogramme|kilogrammes|kilos", "1000": "tons|tonne|tonnes",
                            "1/1000": "grams|gramme|grammes", "1/1000000": "milligram|milligrams",
                            "100": "quintals|quintal",
                            "0.45359237": "pound|pounds|lb|lbs"})
    | _units("volume", "l", {"1": "litre|litres|liters", "1000": "cubic metres|cubic meters",
                             "158.987294928": "barrel|barrels"})
    | _units("speed", "km/h", {
        "1": "kilometres per hour|kilometers per hour|kilometres an hour|kilometers an hour|km an hour",
        "1.609344": "miles per hour|miles an hour", "3.6": "metres per second|meters per second",
    })
    | _units("magnitude", "M", {"1": "magnitude"})
    | _units("money", "USD", {"1": "US dollar"})
    | _units("number", "person", {"1": (
        "people|persons|person|men|women|children|residents|passengers|victims|patients|students|pupils|workers|"
        "employees|soldiers|troops|members|officers|volunteers|evacuees|fishermen|farmers|teachers|babies|visitors|"
        "tourists|pilgrims|runners|athletes|players|suspects|witnesses|journalists|doctors|nurses|protesters|"
        "supporters|fans|spectators|delegates|participants|crew|villagers|voters|prisoners|inmates|hostages|survivors|"
        "refugees|attendees|competitors|guests|migrants|girls|boys|adults|dead|injured|deaths|partygoers|traders"
    )})
    | _units("number", "house", {"1": "house|houses|home|homes|building|buildings"})
    | _units("number", "family", {"1": "family|families|household|households"})
    | _units("number", "vessel", {"1": "ship|ships|vessel|vessels|boat|boats|warship|warships"})
    | _units("number", "vehicle", {"1": "vehicle|vehicles|car|cars|truck|trucks"})
    | _units("number", "seat", {"1": "seat|seats"})
    | _units("number", "vote", {"1": "vote|votes"})
    | _units("number", "country", {"1": "country|countries|nations"})
    | _units("number", "village", {"1": "village|villages"})
    | _units("number", "district", {"1": "district|districts"})
    | _units("number", "province", {"1": "province|provinces"})
    | _units("number", "school", {"1": "school|schools"})
    | _units("number", "flight", {"1": "flight|flights"})
    | _units("number", "goal", {"1": "goal|goals"})
    | _units("number", "times", {"1": "times"})
    | _units("number", "fold", {"1": "fold"})
)  # fmt: skip

# Before the amount: "Rp12 miliar", "US$200 million", "magnitude 6.1".
_PREFIX_ROWS: tuple[tuple[Kind, str, str], ...] = (
    ("money", "IDR", "Rp|Rp.|IDR"),
    ("money", "USD", "US$|US $|AS$|USD|$"),
    ("money", "SGD", "S$|Sin$|SGD"),
    ("money", "AUD", "A$|AU$|AUD"),
    ("money", "CAD", "C$|CA$|CAD"),
    ("money", "NZD", "NZ$|NZD"),
    ("money", "TWD", "NT$|TWD"),
    ("money", "HKD", "HK$|HKD"),
    ("money", "EUR", "€|EUR"),
    ("money", "GBP", "£|GBP"),
    ("money", "JPY", "¥|JPY"),
    ("money", "MYR", "RM|MYR"),
    ("magnitude", "M", "magnitudo|magnitude|M"),
)
_PREFIXES = {phrase: Unit(kind, name) for kind, name, phrases in _PREFIX_ROWS for phrase in phrases.split("|")}

# "seorang", "sepekan", "setahun": one of the unit in a word. "seorang" is the article as often as the count.
_ONE_OF = {
    f"se{word}": _INDONESIAN.get(word) or _SHARED[word]
    for word in word_set(
        "orang detik menit jam hari minggu pekan bulan tahun triwulan semester windu dekade dasawarsa abad meter "
        "kilometer kilogram ton liter hektare hektar kuintal"
    )
}

PREFIXES = Phrases(_PREFIXES)
ONE_OF = Phrases(_ONE_OF)
_BY_LANGUAGE = {"id": Phrases(_SHARED | _INDONESIAN), "en": Phrases(_SHARED | _ENGLISH)}


def units(language: str) -> Phrases[Unit]:
    """The unit phrases of `language`: English for "en", Indonesian for anything else."""
    return _BY_LANGUAGE["en" if language == "en" else "id"]
