"""Where the demo world's people live and what they are called: data for orders.py.

Postal codes and cities are real pairs with a point near their centre, so that maps, sorting and searching behave as they
will in the office. Streets, people and companies are made up of common parts; mail addresses end in reserved names.
"""

from typing import Final, NamedTuple


class Place(NamedTuple):
    postal_code: str
    city: str
    latitude: float
    longitude: float


class Country(NamedTuple):
    """`name` is spelled as Zendera does, in English. `phone` has one # for each digit that is drawn."""

    name: str
    currency: str
    phone: str
    places: tuple[Place, ...]
    streets: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    companies: tuple[str, ...]
    warehouses: tuple[tuple[str, Place], ...]
    instructions: tuple[str, ...]
    corrected: str
    """What a dispatcher there writes after looking into an order that failed."""


NORWAY: Final = Country(
    name="Norway",
    currency="NOK",
    phone="+479#######",
    places=(
        Place("0150", "Oslo", 59.9127, 10.7461),
        Place("0258", "Oslo", 59.9163, 10.7098),
        Place("0366", "Oslo", 59.9299, 10.7161),
        Place("0484", "Oslo", 59.9466, 10.7702),
        Place("0581", "Oslo", 59.9305, 10.8042),
        Place("0668", "Oslo", 59.9134, 10.8408),
        Place("1366", "Lysaker", 59.9135, 10.6357),
        Place("1472", "Fjellhamar", 59.9371, 10.9786),
        Place("1530", "Moss", 59.4346, 10.6577),
        Place("1607", "Fredrikstad", 59.2181, 10.9298),
        Place("2000", "Lillestrøm", 59.9560, 11.0492),
        Place("2317", "Hamar", 60.7945, 11.0680),
        Place("2609", "Lillehammer", 61.1153, 10.4662),
        Place("3015", "Drammen", 59.7439, 10.2045),
        Place("3110", "Tønsberg", 59.2676, 10.4076),
        Place("3717", "Skien", 59.2096, 9.6090),
        Place("4006", "Stavanger", 58.9700, 5.7331),
        Place("4612", "Kristiansand S", 58.1467, 7.9956),
        Place("5003", "Bergen", 60.3943, 5.3259),
        Place("5068", "Bergen", 60.3727, 5.3534),
        Place("6003", "Ålesund", 62.4722, 6.1495),
        Place("6413", "Molde", 62.7372, 7.1607),
        Place("7011", "Trondheim", 63.4305, 10.3951),
        Place("7713", "Steinkjer", 64.0149, 11.4954),
        Place("8006", "Bodø", 67.2804, 14.4049),
        Place("9008", "Tromsø", 69.6492, 18.9553),
        Place("9600", "Hammerfest", 70.6634, 23.6821),
        Place("9900", "Kirkenes", 69.7271, 30.0450),
    ),
    streets=(
        "Storgata",
        "Kirkegata",
        "Skolegata",
        "Bjørkeveien",
        "Havnegata",
        "Åsveien",
        "Industriveien",
        "Solbakken",
        "Nedre Torggate",
        "Øvre Slottsgate",
    ),
    first_names=("Kari", "Ola", "Ingrid", "Bjørn", "Åse", "Håkon", "Sigrid", "Øyvind", "Marte", "Jørgen", "Aslaug", "Tor Erik"),
    last_names=("Nordmann", "Hansen", "Bråten", "Lillebø", "Sæther", "Øverland", "Dahl", "Ødegård", "Haugen", "Myklebust", "Ås"),
    companies=(
        "Fjordblomst AS",
        "Bryggen Kaffebrenneri AS",
        "Nordlys Tannklinikk",
        "Ålgård Sykkel AS",
        "Høyland Rør og Varme AS",
        "Bokhandel'n på hjørnet",
    ),
    warehouses=(
        ("Nordlys Interiør AS, lager Berger", Place("2016", "Frogner", 60.0286, 11.1096)),
        ("Nordlys Interiør AS, terminal Alnabru", Place("0668", "Oslo", 59.9290, 10.8450)),
        ("Fjellro Møbler AS", Place("6230", "Sykkylven", 62.3920, 6.5790)),
    ),
    instructions=(
        "Ring ved ankomst, porttelefonen virker ikke.",
        "Bæres inn til 3. etasje, ingen heis.",
        "Leveres på lasterampe bak bygget, kl. 07–15.",
        "Settes i garasjen hvis ingen er hjemme. Kode 4711.",
        "Varemottak stengt i lunsjen 11.30–12.00.",
        "OBS: smal vei, ikke semitrailer.",
    ),
    corrected="Rettet av trafikkleder etter avklaring med avsender.",
)

DENMARK: Final = Country(
    name="Denmark",
    currency="DKK",
    phone="+452#######",
    places=(
        Place("1050", "København K", 55.6805, 12.5869),
        Place("1620", "København V", 55.6737, 12.5620),
        Place("2100", "København Ø", 55.7045, 12.5766),
        Place("2300", "København S", 55.6597, 12.6051),
        Place("2630", "Taastrup", 55.6517, 12.2922),
        Place("3000", "Helsingør", 56.0361, 12.6136),
        Place("4000", "Roskilde", 55.6415, 12.0803),
        Place("5000", "Odense C", 55.4038, 10.4024),
        Place("6000", "Kolding", 55.4904, 9.4722),
        Place("6700", "Esbjerg", 55.4765, 8.4594),
        Place("7100", "Vejle", 55.7113, 9.5363),
        Place("8000", "Aarhus C", 56.1572, 10.2107),
        Place("8900", "Randers C", 56.4607, 10.0364),
        Place("9000", "Aalborg", 57.0488, 9.9217),
        Place("9990", "Skagen", 57.7209, 10.5839),
        Place("3700", "Rønne", 55.1009, 14.7066),
    ),
    streets=("Nørregade", "Vestergade", "Strandvejen", "Søndergade", "Møllevej", "Østerbrogade", "Bøgevej", "Havnevej"),
    first_names=("Mette", "Søren", "Jørgen", "Kirsten", "Rasmus", "Åge", "Freja", "Bjarke"),
    last_names=("Jensen", "Nørgaard", "Sørensen", "Kjær", "Møller", "Østergaard", "Bæk", "Lund"),
    companies=("Bagermester Kjær ApS", "Smørrebrød & Co. A/S", "Havnens Cykler ApS", "Tandlægerne ved Åen"),
    warehouses=(
        ("Nordlys Danmark ApS, lager Taastrup", Place("2630", "Taastrup", 55.6600, 12.2700)),
        ("Ørsted & Søn Grossist A/S", Place("7100", "Vejle", 55.7180, 9.5700)),
    ),
    instructions=(
        "Ring 30 minutter før levering.",
        "Aflæsses ved port 4, truck haves.",
        "Stilles i carporten, hvis ingen er hjemme.",
        "Må kun afleveres mod underskrift.",
    ),
    corrected="Rettet af disponenten efter aftale med afsender.",
)

SWEDEN: Final = Country(
    name="Sweden",
    currency="SEK",
    phone="+46701740###",
    places=(
        Place("111 20", "Stockholm", 59.3306, 18.0572),
        Place("116 45", "Stockholm", 59.3135, 18.0823),
        Place("164 40", "Kista", 59.4032, 17.9441),
        Place("211 20", "Malmö", 55.6050, 13.0038),
        Place("222 22", "Lund", 55.7047, 13.1910),
        Place("252 20", "Helsingborg", 56.0465, 12.6945),
        Place("302 41", "Halmstad", 56.6745, 12.8578),
        Place("352 30", "Växjö", 56.8777, 14.8091),
        Place("411 03", "Göteborg", 57.7089, 11.9746),
        Place("452 30", "Strömstad", 58.9364, 11.1711),
        Place("553 16", "Jönköping", 57.7826, 14.1618),
        Place("582 22", "Linköping", 58.4108, 15.6214),
        Place("652 24", "Karlstad", 59.3793, 13.5036),
        Place("702 10", "Örebro", 59.2741, 15.2066),
        Place("753 20", "Uppsala", 59.8586, 17.6389),
        Place("903 26", "Umeå", 63.8258, 20.2630),
        Place("972 38", "Luleå", 65.5848, 22.1547),
        Place("981 31", "Kiruna", 67.8558, 20.2253),
    ),
    streets=("Storgatan", "Drottninggatan", "Kungsgatan", "Skolgatan", "Björkvägen", "Ängsvägen", "Södra Hamngatan", "Industrigatan"),
    first_names=("Anna", "Lars-Åke", "Göran", "Märta", "Elin", "Björn", "Åsa", "Östen"),
    last_names=("Andersson", "Sjöberg", "Åkesson", "Lindström", "Öberg", "Nyström", "Björk", "Hägg"),
    companies=("Åkessons Bageri AB", "Göta Cykel & Fritid AB", "Sjöbergs Optik AB", "Restaurang Källaren HB"),
    warehouses=(
        ("Nordlys Sverige AB, lager Kungälv", Place("442 40", "Kungälv", 57.8710, 11.9740)),
        ("Björk & Öberg Möbler AB", Place("553 16", "Jönköping", 57.7660, 14.1900)),
    ),
    instructions=(
        "Ring före leverans, portkod 1958.",
        "Lämnas vid lastkajen, öppet 07–16.",
        "Inbärning till andra våningen, hiss finns.",
        "Får lämnas utanför dörren.",
    ),
    corrected="Rättad av trafikledningen efter kontakt med avsändaren.",
)

ICELAND: Final = Country(
    name="Iceland",
    currency="ISK",
    phone="+3546######",
    places=(
        Place("101", "Reykjavík", 64.1466, -21.9426),
        Place("105", "Reykjavík", 64.1398, -21.9075),
        Place("108", "Reykjavík", 64.1290, -21.8835),
        Place("110", "Reykjavík", 64.1177, -21.7958),
        Place("200", "Kópavogur", 64.1119, -21.9131),
        Place("220", "Hafnarfjörður", 64.0671, -21.9377),
        Place("230", "Reykjanesbær", 64.0049, -22.5624),
        Place("300", "Akranes", 64.3218, -22.0749),
        Place("400", "Ísafjörður", 66.0749, -23.1350),
        Place("600", "Akureyri", 65.6835, -18.0878),
        Place("640", "Húsavík", 66.0449, -17.3389),
        Place("700", "Egilsstaðir", 65.2669, -14.3948),
        Place("780", "Höfn í Hornafirði", 64.2539, -15.2121),
        Place("800", "Selfoss", 63.9331, -20.9971),
        Place("900", "Vestmannaeyjar", 63.4427, -20.2734),
    ),
    streets=("Laugavegur", "Hverfisgata", "Aðalstræti", "Þórsgata", "Suðurlandsbraut", "Hafnargata", "Skólavörðustígur"),
    first_names=("Guðrún", "Þórður", "Sigríður", "Ásgeir", "Æsa", "Jón Örn", "Hrafnhildur", "Ólafur"),
    last_names=("Jónsdóttir", "Þórðarson", "Sigurðsson", "Ásgeirsdóttir", "Björnsson", "Ólafsdóttir"),
    companies=("Bakaríið við höfnina ehf.", "Fjallahjól ehf.", "Tannlæknastofan Þingholti"),
    warehouses=(("Nordlys Ísland ehf., vöruhús Sundahöfn", Place("104", "Reykjavík", 64.1520, -21.8570)),),
    instructions=(
        "Hringið við komu, dyrasíminn er bilaður.",
        "Skilja eftir í bílskúr ef enginn er heima.",
        "Vörumóttaka er opin kl. 8–16.",
    ),
    corrected="Leiðrétt af afgreiðslu eftir samtal við sendanda.",
)

COUNTRIES: Final = (NORWAY, DENMARK, SWEDEN, ICELAND)

SERVICES: Final = (
    ("10", "HOME", "Home delivery"),
    ("11", "HOME_CARRY", "Home delivery, carried in"),
    ("12", "HOME_EVENING", "Home delivery, evening"),
    ("20", "B2B_GROUPAGE", "Groupage to business"),
    ("21", "B2B_TAIL_LIFT", "Groupage with tail lift"),
    ("30", "EXPRESS", "Express same day"),
)

GOODS: Final = (
    ("PALLET-EUR", "EUR pallet", 120, 80, 145, 90.0, 620.0),
    ("PALLET-HALF", "Half pallet", 80, 60, 120, 40.0, 260.0),
    ("CARTON-L", "Carton, large", 60, 40, 40, 4.0, 24.0),
    ("CARTON-S", "Carton, small", 30, 20, 20, 0.5, 6.0),
    ("SOFA-3", "Sofa, three seats", 228, 95, 88, 58.0, 74.0),
    ("WASHER", "Washing machine", 60, 60, 85, 66.0, 78.0),
    ("BICYCLE", "Bicycle in box", 140, 25, 80, 14.0, 29.0),
    ("TUBE", "Tube, rolled goods", 160, 15, 15, 1.2, 9.0),
    ("MATTRESS-90", "Mattress 90 x 200", 200, 90, 25, 18.0, 31.0),
)
"""Article, name, length, width and height in cm, lightest and heaviest in kg."""
