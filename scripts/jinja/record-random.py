"""Records what jinja2 itself makes of random templates, as test/base/jinja/random/answers.jsonl.

    python3 -m venv /tmp/jinja-venv && /tmp/jinja-venv/bin/pip install jinja2==3.1.6
    /tmp/jinja-venv/bin/python scripts/jinja/record-random.py [COUNT] [SEED] [OUT]

The first line holds the variables and the loader's files that all templates are rendered with; every other line is
[template, options, text] or [template, options, null, exception].
"""

import copy
import json
import pathlib
import re
import sys
import warnings

import jinja2
import jinja2.compiler
from random_template import CONTEXT, TEMPLATES, Grammar

HERE = pathlib.Path(__file__).parent.parent.parent
# What prints an address, or what depends on how long Python takes, cannot be compared.
CHANGES = re.compile(r"0x[0-9a-f]{6,}|<function|<bound|<built-in|<class|<cyclic|object at|<method|&lt;(?:function|bound|built-in|class|method)")

# jinja2 writes what is included without context past the buffer of the block around it.
UNBUFFERED = re.compile(r"without context.*(?:endset|endfilter|endcall|endmacro)", re.DOTALL)


# What jinja2 answers only because it calculated a constant beforehand, and complex numbers: of no use in SQL.
ELSEWHERE = re.compile(r"encode\(\)\)?\.|\|\w+\.\w+|\*\* 0\.5|\d[+-][\d.e-]*\dj\)|\((?:none|None)\)\[[^\]]*:|\|(?:int|float|abs|length|wordcount|round)[^\[\]]*\)\[[^\]]*:")


class Uncalculated(jinja2.compiler.CodeGenerator):
    """Calculates no constants beforehand, which jinja2 answers otherwise now and then."""

    def _output_child_to_const(self, node, frame, finalize):
        if isinstance(node, jinja2.nodes.TemplateData):
            return super()._output_child_to_const(node, frame, finalize)
        raise jinja2.nodes.Impossible()


def answer(template, options, calculated):
    settings = dict(options)
    if "undefined" in settings:
        settings["undefined"] = getattr(jinja2, settings["undefined"].capitalize() + "Undefined")
    env = jinja2.Environment(
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], loader=jinja2.DictLoader(TEMPLATES), optimized=calculated, **settings
    )
    if not calculated:
        env.code_generator_class = Uncalculated
    try:
        return [env.from_string(template).render(copy.deepcopy(CONTEXT))]
    except RecursionError:
        return None
    except Exception as error:
        return [None, type(error).__name__]


def main():
    warnings.simplefilter("ignore")
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    out = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else HERE / "test" / "base" / "jinja" / "random" / "answers.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"context": CONTEXT, "templates": TEMPLATES}, ensure_ascii=False)]
    seen = set()
    while len(lines) <= count:
        grammar = Grammar(f"{seed}-{len(seen)}")
        template, options = grammar.template(), grammar.options()
        key = template + repr(options)
        if key in seen:
            seen.add(key + str(len(seen)))
            continue
        seen.add(key)
        made = answer(template, options, True)
        if made != answer(template, options, False):
            continue
        if made is None or len(template) > 600 or UNBUFFERED.search(template) or ELSEWHERE.search(template + (made[0] or '')) or (made[0] is not None and (CHANGES.search(made[0]) or len(made[0]) > 600)):
            continue
        # Two refusals of three tell little: keep few.
        if made[0] is None and made[1] in ("TemplateSyntaxError", "TypeError", "UndefinedError") and hash_of(key) % 3:
            continue
        lines.append(json.dumps([template, options, *made], ensure_ascii=False))
    out.write_text("\n".join(lines) + "\n")
    print(f"{out}: {len(lines) - 1} templates, {out.stat().st_size} bytes")


def hash_of(text):
    return sum(ord(character) * (index + 1) for index, character in enumerate(text))


main()
