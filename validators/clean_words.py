"""Invented documents in which nothing is amiss, full of what looks like it: numbers of ten digits, telephone numbers, dates,
addresses with postcodes, codes of areas, references, sums, tables of schools, contacts and cohorts.

`documents(n)` gives the same list each time: (title, blocks), a block being ("heading" | "text", words) or ("table", rows).
"""

import random

TOWNS = ["Ambermere", "Westvale", "Highford", "Amberton", "Nantglas", "Llanfelin", "Stonebeck", "Marlow Cross"]
STREETS = ["High Street", "Station Road", "Church Lane", "Park Avenue", "Heol y Parc", "Victoria Square"]
FIRST = ["Nia", "Tom", "Siân", "Grace", "Idris", "Amina", "Callum", "Priya"]
LAST = ["Pritchard", "Owen", "Taylor", "Okafor", "Bevan", "Shah", "McLeod", "Evans"]
BODIES = ["Police", "City Council", "NHS Trust", "Youth Justice Service", "Fire and Rescue Service", "Probation Service"]
OFFENCES = ["Robbery", "Violence with injury", "Possession of weapons", "Homicide", "Sexual offences", "Drug trafficking"]
MONTHS = "January February March April May June July August September October November December".split()
AREAS = ["CF", "LL", "BN", "M", "SW", "LS", "NE", "G", "EX"]


class Maker:
    def __init__(self, seed):
        self.chance = random.Random(seed)

    def pick(self, *list_):
        return self.chance.choice(list_[0] if len(list_) == 1 else list_)

    def number(self, least, most):
        return self.chance.randint(least, most)

    def day(self, least=2015, most=2026):
        day, month, year = self.number(1, 28), self.number(1, 12), self.number(least, most)
        return self.pick(f"{day:02}/{month:02}/{year}", f"{day} {MONTHS[month - 1]} {year}", f"{year}-{month:02}-{day:02}")

    def telephone(self):
        n = lambda digits: "".join(str(self.number(0, 9)) for _ in range(digits))
        return self.pick(f"01632 960{n(3)}", f"0{n(4)} {n(6)}", f"020 7946 0{n(3)}", f"07700 900{n(3)}", f"+44 (0)29 2018 0{n(3)}", f"0300 {n(3)} {n(4)}",
            f"(0151) {n(3)} {n(4)}", f"+44 7700 900 {n(3)}", f"0{n(10)}")

    def postcode(self):
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        return f"{self.pick(AREAS)}{self.number(1, 40)} {self.number(1, 9)}{self.pick(list(letters))}{self.pick(list(letters))}"

    def address(self):
        return f"{self.number(1, 90)} {self.pick(STREETS)}, {self.pick(TOWNS)}, {self.postcode()}"

    def person(self):
        return f"{self.pick(FIRST)} {self.pick(LAST)}"

    def code(self):
        return f"{self.pick('E01', 'W01', 'E02', 'E05', 'E08', 'W06', 'E23')}{self.number(0, 999999):06}"

    def sum(self):
        return f"£{self.number(10_000, 9_999_999_999):,}"

    def text(self):
        return self.pick(
            f"Between {self.day()} and {self.day()} police recorded {self.number(100, 9000):,} offences of {self.pick(OFFENCES).lower()} in {self.pick(TOWNS)}, a rate of {self.number(10, 99)}.{self.number(0, 9)} per 1,000 residents ({self.code()}).",
            f"The grant of {self.sum()} (reference {self.number(10**9, 10**10 - 1)}) was paid on {self.day()}; {self.sum()} was spent by the end of the year.",
            f"Write to the {self.pick(BODIES)}, {self.address()}, or ring {self.telephone()}. Registered charity {self.number(100000, 1199999)}, company number {self.number(1000000, 9999999):08}.",
            f"{self.person()}, {self.pick('Head of Analysis', 'Director', 'Chair', 'Data Protection Officer')}, {self.pick(BODIES)}, {self.pick(TOWNS)}. Telephone: {self.telephone()}. E-mail: analysis@{self.pick(TOWNS).lower().replace(' ', '')}.example",
            f"The cohort was born between 1 September {self.number(1999, 2006)} and 31 August {self.number(2007, 2012)}; {self.number(10, 90)}% had been in contact with services before the age of {self.number(10, 17)}.",
            f"Of {self.number(1000, 9000)} victims, {self.number(10, 900)} were aged 10 to 17. Crime reference {self.number(10, 99)}/{self.number(10000, 999999)}/{self.number(20, 26)}; incident {self.number(1, 999)} of {self.day()}.",
            f"See Home Office, Serious Violence Duty, ISBN 978-1-{self.number(100000, 999999)}-{self.number(10, 99)}-{self.number(0, 9)}, and https://www.gov.example/publications/{self.number(10**9, 10**10 - 1)} (accessed {self.day()}).",
            f"Mae'r heddlu wedi cofnodi {self.number(100, 9000)} o droseddau yn {self.pick(TOWNS)} ers {self.number(1, 28)} Mawrth {self.number(2015, 2025)}. Ffôn: {self.telephone()}. Cyfeiriad: {self.address()}.",
            f"For ambulance data, quote NHS number only over secure mail; NHS 111 took {self.number(1000, 9000):,} calls. National Insurance contributions rose by {self.sum()}. No date of birth, passport or driving licence was asked for.",
            f"The model has a mean of {self.number(0, 9)}.{self.number(10**9, 10**10 - 1)} and was run {self.number(1000, 9999)} {self.number(100, 999)} {self.number(100, 999)} times with seed {self.number(10**9, 10**10 - 1)}.",
            f"Strategy adopted on {self.day()} by {self.person()}, born of work that began in {self.number(2015, 2020)}; next review {self.day(2026, 2030)}. Version {self.number(1, 9)}.{self.number(0, 20)}, document {self.pick('AB', 'VR', 'SV')}{self.number(100000, 999999)}.",
            f"{self.person()} lives by the motto that data matter; {self.person()} said on {self.day()}: \"We look at places, not at people.\" Hospital admissions fell by {self.number(1, 30)}%.",
        )

    def table(self):
        rows = self.number(4, 24)
        make = self.pick(self.counts, self.schools, self.contacts, self.spend, self.ages, self.lookup, self.properties, self.meetings, self.stations)
        return make(rows)

    def counts(self, rows):
        years = [str(year) for year in range(2019, 2024)]
        return [["Area", "Code", *years]] + [[self.pick(TOWNS), self.code(), *(str(self.number(0, 5000)) for _ in years)] for _ in range(rows)]

    def schools(self, rows):
        return [["School", "URN", "Postcode", "Telephone", "Pupils"]] + [[f"{self.pick(TOWNS)} {self.pick('Academy', 'Primary School', 'High School')}", str(self.number(100000, 149999)), self.postcode(), self.telephone(), str(self.number(90, 1800))] for _ in range(rows)]

    def contacts(self, rows):
        return [["Name", "Role", "Organisation", "Email", "Telephone"]] + [[self.person(), self.pick("Analyst", "Chair", "Head of Service"), f"{self.pick(TOWNS)} {self.pick(BODIES)}", "office@vru.example", self.telephone()] for _ in range(rows)]

    def spend(self, rows):
        return [["Supplier", "Invoice", "Paid on", "Amount (£)"]] + [[f"{self.pick(TOWNS)} {self.pick('Trust', 'Services Ltd', 'Partnership')}", str(self.number(10**9, 10**10 - 1)), self.day(), str(self.number(10**3, 10**10 - 1))] for _ in range(rows)]

    def ages(self, rows):
        return [["Offence", "Age group", "Sex", "Victims", "Suspects"]] + [[self.pick(OFFENCES), self.pick("0 to 9", "10 to 17", "18 to 24", "25 and over"), self.pick("Male", "Female"), str(self.number(0, 900)), str(self.number(0, 900))] for _ in range(rows)]

    def lookup(self, rows):
        return [["Postcode", "LSOA code", "LSOA name", "Ward"]] + [[self.postcode(), self.code(), f"{self.pick(TOWNS)} {self.number(1, 40):03}{self.pick('A', 'B', 'C')}", self.pick(TOWNS)] for _ in range(rows)]

    def properties(self, rows):
        return [["UPRN", "Premises", "Licence", "Granted"]] + [[str(self.number(10**9, 10**10 - 1)), f"The {self.pick('Crown', 'Red Lion', 'Anchor')}, {self.pick(TOWNS)}", f"{self.number(10, 25)}/{self.number(10000, 99999)}/LAPRE", self.day()] for _ in range(rows)]

    def meetings(self, rows):
        return [["Date", "Name", "Attended", "Next meeting"]] + [[self.day(), self.person(), self.pick("Yes", "Apologies"), self.day(2026, 2028)] for _ in range(rows)]

    def stations(self, rows):
        return [["Name", "Address", "Opened", "Front counter"]] + [[f"{self.pick(TOWNS)} {self.pick('Police Station', 'Fire Station', 'Library')}", self.address(), self.day(1950, 2020), self.pick("Yes", "No")] for _ in range(rows)]


def documents(n):
    out = []
    for seed in range(n):
        maker = Maker(seed)
        blocks = []
        for _ in range(maker.number(3, 7)):
            blocks.append(("heading", maker.pick("What we found", "Violence in the area", "Partners", "How to reach us", "Data and sources", "Yr hyn a welsom")))
            blocks += [("text", maker.text()) for _ in range(maker.number(2, 5))]
            if maker.number(0, 2):
                blocks.append(("table", maker.table()))
        out.append((f"{maker.pick(TOWNS)}: strategic needs assessment {maker.number(2018, 2026)}", blocks))
    return out
