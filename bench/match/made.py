"""Made-up people for measuring: names whose frequencies fall off as real ones do, families that share a surname, a phone and an address,
and rows about the same people with the slips that typing, hearing and copying make. Everything follows from a seed."""
import bisect
import csv
import itertools
import random
import sys

FIELDS = ["id", "first_name", "surname", "dob", "sex", "city", "postcode", "phone", "email", "who"]
ONSETS = "b br c ch d dr f fr g gr h j k kl l m mc n p pr r s sch st t th tr v w wh z".split()
CORES = "a ai au e ea ee ei i ia ie o oa ou u y".split()
ENDS = "n r l m nd rt ck s ng th ll tt x son ton ley man er".split()


def words(rng, count, syllables):
    made = set()
    while len(made) < count:
        made.add("".join(rng.choice(ONSETS) + rng.choice(CORES) for _ in range(rng.choice(syllables))) + (rng.choice(ENDS) if rng.random() < 0.8 else ""))
    return sorted(made, key=lambda w: (rng.random(), w))


class Zipf:
    """Draws words with frequencies that fall as 1 / (rank + shift)."""

    def __init__(self, items, shift):
        self.items = items
        self.sums = list(itertools.accumulate(1 / (i + shift) for i in range(len(items))))

    def draw(self, rng):
        return self.items[bisect.bisect(self.sums, rng.random() * self.sums[-1])]


class World:
    def __init__(self, seed):
        rng = random.Random(seed)
        self.first = {sex: Zipf(words(rng, 1500, [1, 2, 2]), 15) for sex in "MF"}
        self.surname = Zipf(words(rng, 15000, [1, 2, 2]), 25)
        self.city = Zipf(words(rng, 400, [2, 3]), 5)
        self.post = {city: f"{rng.choice('ABCDEFGHKLMNPRSTW')}{rng.choice('ABCDEFGHKLMNPRSTW')}{i % 90 + 10}" for i, city in enumerate(self.city.items)}


def family(rng, world):
    city, surname = world.city.draw(rng), world.surname.draw(rng)
    home = {"city": city, "postcode": f"{world.post[city]} {rng.randint(0, 9)}{rng.choice('ABDEFGHJLN')}{rng.choice('PQRSTUWXYZ')}", "phone": f"07{rng.randint(0, 10**9 - 1):09d}"}
    for _ in range(rng.choice([1, 1, 2, 2, 3, 4])):
        sex = rng.choice("MF")
        first = world.first[sex].draw(rng)
        phone = home["phone"] if rng.random() < 0.5 else f"07{rng.randint(0, 10**9 - 1):09d}"
        mail = f"{first}.{surname}{rng.randint(1, 99)}@{rng.choice(['mail', 'post', 'web', 'home'])}.example" if rng.random() < 0.6 else ""
        yield {"first_name": first, "surname": surname if rng.random() < 0.9 else world.surname.draw(rng), "sex": sex, **home, "phone": phone, "email": mail,
               "dob": f"{rng.randint(1930, 2012)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"}


def typo(rng, text):
    if len(text) < 2: return text
    at, kind = rng.randrange(len(text)), rng.randrange(4)
    letter = rng.choice("0123456789" if text[at].isdigit() else "abcdefghijklmnoprstuvwy")
    if kind == 0: return text[:at] + text[at + 1:]
    if kind == 1: return text[:at] + letter + text[at:]
    if kind == 2: return text[:at] + letter + text[at + 1:]
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2:]


def again(rng, person, world):
    """The same person on another form."""
    row = dict(person)
    for field, missing, wrong in [("first_name", .03, .08), ("surname", .02, .08), ("dob", .05, .06), ("postcode", .06, .08), ("phone", .2, .08), ("email", .3, .08), ("city", .05, .05), ("sex", .05, .01)]:
        chance = rng.random()
        if chance < missing: row[field] = ""
        elif chance < missing + wrong and row[field]: row[field] = typo(rng, row[field]) if field != "sex" else "MF"[row["sex"] == "M"]
    if rng.random() < 0.03: row["first_name"], row["surname"] = row["surname"], row["first_name"]
    if rng.random() < 0.05: row["first_name"] = row["first_name"][:1]
    if rng.random() < 0.1:
        moved = next(iter(family(rng, world)))
        row.update(city=moved["city"], postcode=moved["postcode"], phone=moved["phone"] if rng.random() < 0.5 else row["phone"])
    if rng.random() < 0.03 and row["sex"] == "F": row["surname"] = world.surname.draw(rng)
    return row


def rows(count, seed):
    rng, world, made = random.Random(seed * 7 + 1), World(seed), []
    for who in itertools.count():
        for n, person in enumerate(family(rng, world)):
            for copy in range(1 + (rng.random() < 0.35) + (rng.random() < 0.1)):
                made.append({**(person if copy == 0 else again(rng, person, world)), "who": f"{who}-{n}"})
        if len(made) >= count: break
    made = made[:count]
    rng.shuffle(made)
    for i, row in enumerate(made): row["id"] = i
    return made


def write(path, count, seed):
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, FIELDS)
        table.writeheader()
        table.writerows(rows(count, seed))


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
