"""A state machine over the whole product: people of a small consortium act at random, and what must never happen is looked for.

Run it with `make test-slow`; `make test` leaves it out, because its files are named `slow_*.py`. `make test-slow MACHINE_PART=1`
runs a fixed part of it, the same each time: a few examples on each database, and every planted fault. One example is a consortium
with work in every stage (`consortium.py`, made by commands once per worker and database) and sixty steps. A step is an act that
makes sense, an act that must be refused, any act by anybody, time that passes with everything that happens by date, or the
worker handling what waits in the outbox. After each step every invariant reads the rows and says what is wrong.

**To add an act**: a tuple `ACTS` in `acts/<area>.py`; `acts/__init__.py` finds the file by itself. An act is

    Act(
        "pass intake",                  # its name in a failing sequence
        Action.PASS_INTAKE,             # the row of the tables; None for what has none
        things=of(Machine.PROPOSAL),    # everything that it could be done to, in whatever state
        who=officers,                   # (view, thing) -> who would do it, by their short names
        run=_pass,                      # (world, do) -> anything: calls the real command
        fits=...,                       # (view, thing) -> bool: worth trying, besides the state that the table asks for
        more=...,                       # (view, thing) -> further values; one of them is drawn into do.more
        wrong=...,                      # the same, values with which it must be refused
    )

`view` (`view.py`) reads the rows as they are now; `world` (`world.py`) has `session`, `now`, `actor(who)`, `files`, and
`elsewhere` (`elsewhere.py`): a real server on loopback with the catalog that harvest sources read. Attempts
that must be refused are made from the same act: on a thing in a state that the table does not name, by somebody who has no
business there, and with the values of `wrong`. A refused attempt leaves every row as it was.

**To add a thing with a life**: a line in `things.py` (its table, its reference, the events it begins with). Then its states are
replayed from the history after every step, and its rows are counted as exercised.

**To add an invariant**: a function `check(session) -> list[str]` in `invariants/<group>.py`, named in that file's `INVARIANTS`.
It reads rows only, through `rows_of(session)` (`rows.py`: every table at most once per change), and calls nothing that the
commands call: a fault there must not blind it. What it says begins with the rule's name in the safety notes: "W6: ...".

`faults.py` plants thirteen faults one at a time, and each must be found; `exercised.py` counts the rows that were used.
"""
