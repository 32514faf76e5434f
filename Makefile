# make book        the whole site   → _build/html/index.html
# make help        everything else
#
# Make's rules are the only cache: a notebook runs again when it, the engine or the data it reads change.

PYTHON ?= python3
JOBS ?= 2

# The chapters walk through this year; book/jahr.ipynb is executed for every year with data, and the pages on
# Baden-Württemberg for every year with an announcement.
JAHR := 2003

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SITE := _build/html/index.html

TEMPLATE := book/jahr.ipynb
ANNOUNCED := bekanntmachung gemeinde kreise
NOTEBOOKS := $(sort $(shell find book -name '*.ipynb' -not -path '*/.*'))
CHAPTERS := $(filter-out $(TEMPLATE) $(ANNOUNCED:%=book/%.ipynb),$(NOTEBOOKS))
YEARS := $(sort $(patsubst data/%/jahr.yaml,%,$(wildcard data/[12][0-9][0-9][0-9]/jahr.yaml)))
BW_YEARS := $(sort $(patsubst data/bw/%/bekanntmachung.txt,%,$(wildcard data/bw/*/bekanntmachung.txt)))
BW_PAGES := $(foreach page,$(ANNOUNCED),$(BW_YEARS:%=_build/book/$(page)/%.ipynb))
PAGES := $(YEARS:%=_build/book/jahre/%.ipynb) $(BW_PAGES)
ASSETS := $(sort $(shell find book -type f -not -name '*.ipynb' -not -path '*/.*' -not -path 'book/_ext/*'))
EXTENSIONS := $(shell find book/_ext -type f -not -path '*/__pycache__/*')
# What makes the PDF or measures the prose touches no page.
PROGRAM := $(filter-out lfa/pdf.py lfa/lesbarkeit.py,$(sort $(shell find lfa -name '*.py')))
DATA := $(sort $(shell find data -type f -not -path '*/.*' -not -name datapackage.json))
BW_DATA := $(filter data/bw/%,$(DATA))
# What every page rests on; the folder of a year touches its own page and the chapters about all years.
ENGINE := $(PROGRAM) $(filter-out data/1% data/2% $(BW_DATA),$(DATA))
ALL_YEARS := $(patsubst %,book/%.ipynb,jahre rekonstruktion gesetzesvergleich zeitleiste selbst_rechnen fragen drei_ausgleiche irrtuemer stunde_wer_zahlt blatt_wer_zahlt stunde_verhandlung blatt_verhandlung english)
ABOUT_BW := $(patsubst %,book/%.ipynb,bw_vergleich drei_ausgleiche selbst_rechnen_gemeinde irrtuemer unterricht stunde_gemeinde blatt_gemeinde english)
EXECUTED := $(CHAPTERS:%=_build/%)
COPIED := $(ASSETS:%=_build/%)

# Tests of the built site in a browser, and tests that build; all others need neither.
SITE_TESTS := $(patsubst %,tests/test_%.py,site rechner zahlen_site laden suche pdf)
BUILD_TESTS := tests/test_make.py tests/test_new_year.py

# What a built page tells of its time is the time of the commit: the same commit gives the same bytes at any time.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null)
ifneq ($(SOURCE_DATE_EPOCH),)
export SOURCE_DATE_EPOCH
endif
export PYTHONHASHSEED = 0

# Replaces a file only when its content would change, so that its date means something.
write_if_changed = mkdir -p $(@D) && printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) > $@

.DELETE_ON_ERROR:
.DEFAULT_GOAL := book
.PHONY: book html pages year test site-test pdf lesbarkeit reproducible lock clean help always
.SECONDEXPANSION:

# A year whose page fails does not stop the others: the site is built without it, the summary and the exit code tell.
book: $(READY)  ## Buch bauen: alle Kapitel und die Seiten aller Jahre, nach _build/html
	@rm -f _build/gescheitert
	@$(MAKE) --no-print-directory -k -j$(JOBS) pages || true
	@$(MAKE) --no-print-directory -j$(JOBS) html || { echo "Das Buch ist nicht neu gebaut, Gründe oben" >&2; failed=1; }; \
	if [ -e _build/gescheitert ]; then echo "Ohne Seite, Gründe oben: $$(sort _build/gescheitert | tr '\n' ' ')" >&2; failed=1; fi; \
	exit $${failed:-0}

# YEAR is read by the shell from the environment, never as part of a command.
year: export YEAR := $(YEAR)
year: $(READY)  ## Seite eines Jahres bauen, dazu das Buch: make year YEAR=2025
	@test -n "$$YEAR" || { echo "Aufruf: make year YEAR=2025" >&2; exit 2; }
	@$(BIN)/python -m lfa.book check --jahr "$$YEAR" $(TEMPLATE)
	@test -e "data/$$YEAR/jahr.yaml" || { echo "Ein Jahr hat vier Ziffern, nicht: $$YEAR" >&2; exit 2; }
	@rm -f _build/gescheitert
	@$(MAKE) --no-print-directory "_build/book/jahre/$$YEAR.ipynb"
	@$(MAKE) --no-print-directory book

test: $(READY)  ## alles prüfen, was keinen Browser braucht
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy lfa
	$(BIN)/pytest -n 2 --dist loadfile --nbval-lax $(SITE_TESTS:%=--ignore=%) $(BUILD_TESTS:%=--ignore=%) tests $(NOTEBOOKS)

site-test: book  ## das gebaute Buch im Browser prüfen, und ein neues Jahr darin
	$(BIN)/pytest $(BUILD_TESTS)
	$(BIN)/pytest -n 2 $(SITE_TESTS)

# Two clones in folders of different names and depth; the environment is the same, the time is not.
pdf: book  ## das ganze Buch als PDF, nach _build/buch.pdf (braucht Chromium)
	$(BIN)/python -m lfa.pdf _build/html _build/buch.pdf

lesbarkeit: $(READY)  ## wie leicht sich jedes Kapitel liest (LIX)
	@$(BIN)/python -m lfa.lesbarkeit

reproducible: $(READY)  ## den letzten Commit zweimal bauen und Byte für Byte vergleichen
	@set -e; work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	for place in eins zwei/tief/unten; do \
		git clone --quiet . "$$work/$$place"; \
		ln -s "$(CURDIR)/$(VENV)" "$$work/$$place/$(VENV)"; \
		touch -d 2020-01-01 "$$work/$$place/requirements.txt" "$$work/$$place/pyproject.toml"; \
		PYTHONPATH="$$work/$$place" $(MAKE) --no-print-directory -C "$$work/$$place" book; \
	done; \
	diff -r "$$work/eins/_build/html" "$$work/zwei/tief/unten/_build/html" && \
	echo "Gleich bis aufs Byte: $$(find "$$work/eins/_build/html" -type f | wc -l) Dateien"

lock:  ## requirements.txt neu aus pyproject.toml auflösen (braucht uv)
	{ head -2 requirements.txt; uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group book; } > requirements.neu
	mv requirements.neu requirements.txt

clean:  ## Gebautes löschen (die virtuelle Umgebung bleibt)
	rm -rf _build

help:  ## diese Übersicht
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## */\t/' | expand -t 14

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pip check
	touch $@

html: $(SITE)

# Built aside and moved: a failed or killed build leaves the last good site alone.
$(SITE): $(EXECUTED) $(wildcard $(PAGES)) $(COPIED) _config.yml CITATION.cff $(EXTENSIONS) _build/inhalt $(PROGRAM) $(READY)
	@rm -f $(filter-out $(EXECUTED) $(PAGES) $(COPIED),$(shell find _build/book -type f 2>/dev/null))
	@rm -rf _build/neu
	@$(BIN)/jupyter-book build -W --keep-going --path-output _build/neu _build/book >_build/bau.log || { echo "Einzelheiten: _build/bau.log" >&2; exit 1; }
	@rm -rf _build/alt
	@if [ -e _build/html ]; then mv _build/html _build/alt; fi
	@mv _build/neu/_build/html _build/html
	@rm -rf _build/neu _build/alt
	@touch $@
	@echo "Fertig: $@"

$(EXECUTED): _build/book/%.ipynb: book/%.ipynb $(ENGINE) $(wildcard data/$(JAHR)/*) _build/motor $(READY)
	@echo "$<"
	@$(BIN)/python -m lfa.book execute $< --jahr $(JAHR) --output $@

$(filter $(ALL_YEARS:%=_build/%),$(EXECUTED)): $(filter-out $(BW_DATA),$(DATA)) _build/jahre
$(filter $(ABOUT_BW:%=_build/%),$(EXECUTED)): $(BW_DATA)
_build/book/english.ipynb: book/_toc.yml CITATION.cff
# They read the words, titles or exercises of the chapters.
$(patsubst %,_build/book/%.ipynb,glossar grundgesetz geschichte unterricht): $(NOTEBOOKS) book/_toc.yml

pages: $(PAGES)

execute_year = $(BIN)/python -m lfa.book execute $< --jahr $(*F) --output $@ || { rm -f $@; echo $(*F) >>_build/gescheitert; exit 1; }

_build/book/jahre/%.ipynb: $(TEMPLATE) $(ENGINE) $$(wildcard data/$$*/*) _build/motor $(READY)
	@$(execute_year)
	@echo "$< ($*): $$(ls $(@D) | wc -l) von $(words $(YEARS)) Jahren fertig"

$(BW_PAGES): _build/book/%.ipynb: book/$$(*D).ipynb $(ENGINE) $(BW_DATA) _build/motor $(READY)
	@$(execute_year)
	@echo "$< ($(*F))"

# Only files under book/; a pattern with a prerequisite of the same name.
$(COPIED): _build/%: %
	@mkdir -p $(@D)
	@cp $< $@.neu && mv $@.neu $@

# A file that is gone has no date: the list of files tells.
_build/motor: always
	@$(call write_if_changed,$(ENGINE))

_build/jahre: always
	@$(call write_if_changed,$(DATA))

_build/inhalt: always
	@$(call write_if_changed,$(NOTEBOOKS) $(ASSETS) $(wildcard $(PAGES)))
