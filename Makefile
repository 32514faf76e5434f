# make book        the whole site for the reference year   → _build/html/index.html
# make help        everything else
#
# Make's rules are the only cache: a notebook runs again when it, the engine, the data or the year changes.

PYTHON ?= python3
JOBS ?= 2

# The year the chapters are executed for; "make year YEAR=…" sets it.
JAHR := 2003

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SITE := _build/html/index.html

NOTEBOOKS := $(sort $(shell find book -name '*.ipynb' -not -path '*/.*'))
ASSETS := $(sort $(shell find book -type f -not -name '*.ipynb' -not -path '*/.*' -not -path 'book/_ext/*'))
EXTENSIONS := $(wildcard book/_ext/*.py)
ENGINE := $(sort $(shell find lfa -name '*.py')) $(sort $(shell find data -type f -not -path '*/.*'))
EXECUTED := $(NOTEBOOKS:%=_build/%)
COPIED := $(ASSETS:%=_build/%)

# Replaces a file only when its content would change, so that its date means something.
write_if_changed = mkdir -p $(@D) && printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) > $@

.DELETE_ON_ERROR:
.DEFAULT_GOAL := book
.PHONY: book html year test site-test clean help always

book: $(READY)  ## Buch bauen: alle Kapitel ausführen (Jahr 2003), Seiten nach _build/html
	@$(MAKE) --no-print-directory -j$(JOBS) html

year: $(READY)  ## Buch für ein anderes Jahr bauen: make year YEAR=2003
	@test -n "$(YEAR)" || { echo "Aufruf: make year YEAR=2003" >&2; exit 2; }
	@$(BIN)/python -m lfa.book check --jahr "$(YEAR)" $(NOTEBOOKS)
	@$(MAKE) --no-print-directory -j$(JOBS) html JAHR=$(YEAR)

test: $(READY)  ## alles prüfen, was keinen Browser braucht
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lfa
	$(BIN)/pytest -n 2 --dist loadfile --nbval-lax --ignore=tests/test_site.py tests $(NOTEBOOKS)

site-test: book  ## das gebaute Buch im Browser prüfen
	$(BIN)/pytest -n 2 tests/test_site.py

clean:  ## Gebautes löschen (die virtuelle Umgebung bleibt)
	rm -rf _build

help:  ## diese Übersicht
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 14

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip check
	touch $@

html: $(SITE)

# Built aside and moved: a failed or killed build leaves the last good site alone.
$(SITE): $(EXECUTED) $(COPIED) _config.yml $(EXTENSIONS) _build/inhalt $(ENGINE) $(READY)
	@rm -f $(filter-out $(EXECUTED) $(COPIED),$(shell find _build/book -type f 2>/dev/null))
	@rm -rf _build/neu
	@$(BIN)/jupyter-book build -W --keep-going --path-output _build/neu _build/book >_build/bau.log || { echo "Einzelheiten: _build/bau.log" >&2; exit 1; }
	@rm -rf _build/alt
	@if [ -e _build/html ]; then mv _build/html _build/alt; fi
	@mv _build/neu/_build/html _build/html
	@rm -rf _build/neu _build/alt
	@touch $@
	@echo "Fertig: $@"

_build/book/%.ipynb: book/%.ipynb $(ENGINE) _build/jahr _build/motor $(READY)
	@echo "$< ($(JAHR))"
	@$(BIN)/python -m lfa.book execute $< --jahr $(JAHR) --output $@

# Only files under book/; a pattern with a prerequisite of the same name.
$(COPIED): _build/%: %
	@mkdir -p $(@D)
	@cp $< $@.neu && mv $@.neu $@

_build/jahr: always
	@$(call write_if_changed,$(JAHR))

# A file that is gone has no date: the list of files tells.
_build/motor: always
	@$(call write_if_changed,$(ENGINE))

_build/inhalt: always
	@$(call write_if_changed,$(NOTEBOOKS) $(ASSETS))
