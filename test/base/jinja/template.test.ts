import { describe, expect, test } from 'vitest'
import {
  Dict,
  Environment,
  Float,
  findCalls,
  type MacroNode,
  native,
  params,
  repr,
  returnValue,
  STR,
  selectAutoescape,
  type TagExtension,
  Tuple,
  templateStack,
  toJavaScript,
  topLevelBlocks,
  Undefined,
} from '../../../src/base/jinja/index.ts'
import { MillraceError } from '../../../src/base/kernel/index.ts'

const env = new Environment({ globals: { return: returnValue } })
const render = (source: string, variables = {}) => env.compile(source, { file: 'm.sql' }).render(variables)

async function failure(work: () => unknown): Promise<MillraceError> {
  const error = await Promise.resolve()
    .then(work)
    .catch((thrown: unknown) => thrown)
  if (error instanceof MillraceError) return error
  throw new Error(`did not fail with a MillraceError, but gave ${String(error)}`)
}

describe('return', () => {
  test('a macro that returns has that value, of its own type, and drops its text', () => {
    const source = '{% macro m(x) %}lost{% for i in [1] %}{{ return([x, i]) }}{% endfor %}{% endmacro %}'
    expect(render(`${source}{{ m(7)[0] + 1 }}{{ m(1) }}`)).toBe('8[1, 1]')
  })

  test('a return inside a call block ends the macro around it, as in dbt', () => {
    const source = `{% macro wrap() %}<{{ caller() }}>{% endmacro %}
      {%- macro m() %}{% call wrap() %}{{ return(5) }}{% endcall %}{% endmacro %}{{ m() }}`
    expect(render(source)).toBe('5')
  })

  test('a return outside a macro is refused', async () => {
    expect(await failure(() => render('{{ return(1) }}'))).toMatchObject({ code: 'JINJA_RUNTIME' })
  })
})

describe('escaping', () => {
  const host = {
    plain: (value: unknown) => typeof value,
    named: native('named', ({ args, kwargs }) => repr([...args, kwargs['k']])),
    keep: new Map([['k', 1]]),
  }

  test('functions of the host get text in place of Markup, lists and dicts keep it', () => {
    expect(render("{{ plain('<'|e) }} {{ named('<'|e, k='>'|safe) }} {{ keep['k'|safe] }}", host)).toBe(
      "string ['&lt;', '>'] 1",
    )
    expect(render("{% set l = [] %}{% do l.append('<'|e) %}{{ l[0] + '<' }}")).toBe('&lt;&lt;')
  })

  test('for the host Markup is a String, and text in plain JavaScript', () => {
    const value = env.expression("['<'|e, {'k': 'a'|safe}]").evaluate()
    expect(toJavaScript(value)).toEqual(['&lt;', { k: 'a' }])
    expect(JSON.stringify((value as unknown[])[0])).toBe('"&lt;"')
  })

  test('the names of templates decide, where a function is given', () => {
    const page = new Environment({ autoescape: selectAutoescape({ enabled: ['.html'], disabled: ['txt'] }) })
    const shown = (name?: string) => page.compile('{{ "<" }}', name === undefined ? {} : { name }).render()
    expect(['a.HTML', 'a.txt', 'a', undefined].map(shown)).toEqual(['&lt;', '<', '<', '&lt;'])
  })
})

describe('values that are not defined', () => {
  test('are told of when they are printed, walked, asked for their truth, or raise', async () => {
    const told: string[] = []
    const watched = new Environment({ onUndefined: (level, message) => told.push(`${level}: ${message}`) })
    watched.compile('{{ a }}{% for i in b.c %}{% endfor %}{% if c %}{% endif %}{{ d is defined }}').render({ b: {} })
    await failure(() => watched.compile('{{ e.f }}').render())
    expect(told).toEqual([
      "warning: 'a' is undefined",
      "warning: 'dict object' has no attribute 'c'",
      "warning: 'c' is undefined",
      "error: 'e' is undefined",
    ])
  })
})

describe('tags', () => {
  test("those of jinja2's extensions that are not there are refused by their name", async () => {
    const error = await failure(() => render('a\n{% trans %}b{% endtrans %}'))
    expect(error.message).toContain("the tag 'trans' belongs to jinja2's extension 'i18n'")
    expect(error.at).toMatchObject({ line: 2, column: 4 })
    expect((await failure(() => render('{% debug %}'))).message).toContain("extension 'debug'")
  })

  test('delimiters that are alike are refused', async () => {
    const alike = new Environment({ options: { variableStart: '{%' } })
    expect(await failure(() => alike.compile(''))).toMatchObject({ code: 'OPTION_INVALID' })
  })

  test('batches of no size end, and lists that hold themselves are shown', () => {
    expect(render('{{ [1, 2]|batch(0)|list }}')).toBe('[[], [1, 2]]')
    expect(render('{% set l = [1] %}{% do l.append(l) %}{{ l }}')).toBe('[1, [...]]')
  })
})

describe('functions of the host', () => {
  test('take keywords when they name their parameters or are native, and refuse them otherwise', async () => {
    const variables = {
      log: params((msg: string, info?: boolean) => `${msg}:${info}`, ['msg', 'info']),
      config: native('config', ({ args, kwargs }) => repr([args, Object.keys(kwargs)])),
      plain: (a: number) => a + 1,
      silent: () => undefined,
    }
    expect(render("{{ log('x', info=true) }} {{ config(1, a=2) }} {{ plain(1) }} {{ silent() }}", variables)).toBe(
      "x:true [[1], ['a']] 2 None",
    )
    expect(await failure(() => render('{{ plain(a=1) }}', variables))).toMatchObject({ code: 'JINJA_TYPE' })
    expect((await failure(() => render('{{ log(z=1) }}', variables))).message).toContain("keyword argument 'z'")
  })

  test('promises are awaited by renderAsync and refused by render', async () => {
    const variables = { run_query: async (q: string) => [q, 2] }
    const source =
      "{% macro m(q) %}{% do return(run_query(q)) %}{% endmacro %}{% for x in m('a') %}{{ x }};{% endfor %}"
    expect(await env.compile(source).renderAsync(variables)).toBe('a;2;')
    expect(await failure(() => render(source, variables))).toMatchObject({ code: 'JINJA_RUNTIME' })
  })

  test('concurrent renderings of one template do not mix', async () => {
    const template = env.compile(
      '{% set ns = namespace(n=0) %}{% for i in range(5) %}{% set ns.n = ns.n + add(i) %}{% endfor %}{{ ns.n }}',
    )
    const add = (by: number) => async (i: number) => {
      await new Promise((done) => setTimeout(done, (i * by) % 3))
      return i * by
    }
    const all = await Promise.all([1, 2, 3].map((by) => template.renderAsync({ add: add(by) })))
    expect(all).toEqual(['10', '20', '30'])
  })

  test('class instances show their members and methods, print by STR, and hide what every object has', () => {
    class Relation {
      readonly identifier = 'orders'
      include(_database?: boolean) {
        return this
      }
      quoted() {
        return `"${this.identifier}"`
      }
      [STR]() {
        return 'main.orders'
      }
    }
    params(Relation.prototype.include, ['database'])
    const variables = { this: new Relation() }
    expect(
      render('{{ this }} {{ this.identifier }} {{ this.include(database=false).quoted() }} {{ [this] }}', variables),
    ).toBe('main.orders orders "orders" [main.orders]')
    expect(
      render(
        '{{ this.constructor is defined }}{{ this.hasOwnProperty is defined }}{{ this.__proto__ is defined }}',
        variables,
      ),
    ).toBe('FalseFalseFalse')
  })

  test('no path leads from a template to the Function constructor', () => {
    for (const path of [
      'f.constructor',
      "''.constructor",
      '[].constructor',
      '{}.constructor',
      "o['constructor']",
      'f.call',
    ]) {
      expect(render(`{{ ${path} is defined }}`, { f: () => 1, o: {} })).toBe('False')
    }
    expect(render('{{ toString is defined }}{{ constructor is defined }}', {})).toBe('FalseFalse')
  })

  test('variables may be layered by prototype, lazy by getter, a Map or a source', () => {
    const shared = {
      a: 1,
      get b() {
        return 2
      },
    }
    expect(render('{{ a }}{{ b }}{{ c }}', Object.assign(Object.create(shared), { c: 3 }))).toBe('123')
    expect(env.compile('{{ a }}').render(new Map([['a', 5]]))).toBe('5')
    expect(env.compile('{{ a }}{{ b }}').render({ lookup: (name: string) => (name === 'a' ? 9 : undefined) })).toBe('9')
  })
})

describe('errors', () => {
  test('say file, line and column, and the macros they came through', async () => {
    const source =
      '{% macro inner(x) %}\n  {{ x.y.z }}\n{% endmacro %}\n{% macro outer() %}{{ inner({}) }}{% endmacro %}\nselect {{ outer() }}'
    const error = await failure(() => render(source))
    expect(error).toMatchObject({
      code: 'JINJA_UNDEFINED',
      message: "rendering macro inner: 'dict object' has no attribute 'y'",
      at: { file: 'm.sql', line: 2, column: 9 },
    })
    expect(templateStack(error).map(({ macro, line }) => [macro, line])).toEqual([
      ['inner', 2],
      ['outer', 4],
      [undefined, 5],
    ])
    const later = await failure(() => env.compile(source, { file: 'm.sql' }).renderAsync())
    expect(later.at).toEqual(error.at)
    expect(templateStack(later)).toEqual(templateStack(error))
  })

  test('of the host keep their code and get the place', async () => {
    const ref = () => {
      throw new MillraceError('REF_NOT_FOUND', 'no such model', { hint: 'look' })
    }
    expect(await failure(() => render("a\n{{ ref('x') }}", { ref }))).toMatchObject({
      code: 'REF_NOT_FOUND',
      hint: 'look',
      at: { file: 'm.sql', line: 2, column: 4 },
    })
  })

  test('of syntax say what is open and what the tags are', async () => {
    expect(await failure(() => render('x\n  {% if a %}'))).toMatchObject({
      code: 'JINJA_SYNTAX',
      at: { line: 2, column: 6 },
      hint: 'Close it with {% endif %}.',
    })
    expect((await failure(() => render('{% fro a %}'))).hint).toContain('for')
    expect((await failure(() => render("{{ 'a' | uper }}"))).hint).toContain('upper')
  })

  test('a macro that calls itself for ever is a coded error', async () => {
    const error = await failure(() => render('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'))
    expect(error).toMatchObject({ code: 'JINJA_RUNTIME', message: expect.stringContaining('recursion') })
  })

  test('a template that starts inside a file counts from there', async () => {
    const error = await failure(() => env.compile('{{ a.b }}', { file: 's.yml', line: 12, column: 9 }).render({}))
    expect(error.at).toEqual({ file: 's.yml', line: 12, column: 13 })
    const other = await failure(() => env.expression('a.b', { file: 's.yml', line: 3, column: 5 }).evaluate())
    expect(other.at).toEqual({ file: 's.yml', line: 3, column: 6 })
  })
})

describe('modules and expressions', () => {
  test('a module holds macros and variables, and a macro can be called by the host', () => {
    const caller = native('use', ({ args: [macro], caller: own }) => own.call(macro, [2], { b: 3 }))
    const module = env
      .compile(
        '{% macro m(a, b=1) %}{{ a + b }}{% endmacro %}{% set v = [1] %}{% set _h = 1 %}{% macro _own() %}{% endmacro %}',
      )
      .module()
    expect([...module.exports.keys()]).toEqual(['m', 'v'])
    expect([...module.macros.keys()]).toEqual(['m', '_own'])
    expect(render('{{ use(m) }}', { use: caller, m: module.exports.get('m') })).toBe('5')
  })

  test('a macro of a file sees the variables its module was made with', async () => {
    const module = await env
      .compile('{% macro m() %}{{ ref("a") }}{% endmacro %}')
      .moduleAsync({ ref: async () => 'A' })
    expect(await env.compile('{{ m() }}').renderAsync({ m: module.exports.get('m') })).toBe('A')
  })

  test('expressions give values, which toJavaScript makes plain', () => {
    const value = env.expression("{'a': (1, 2.0), 'b': [none, x], 3: missing}").evaluate({ x: 'y' })
    expect(toJavaScript(value)).toEqual({ a: [1, 2], b: [null, 'y'], 3: undefined })
    expect(env.expression('1.0').evaluate()).toEqual(new Float(1))
    expect(env.expression('nope').evaluate()).toBeInstanceOf(Undefined)
  })

  test('plain objects and arrays of the host are changed in place', () => {
    const meta: Record<string, unknown> = { tags: ['a'] }
    render("{% do meta.tags.append('b') %}{% do meta.update({'__proto__': 1}) %}", { meta })
    expect(meta['tags']).toEqual(['a', 'b'])
    expect(Object.getPrototypeOf(meta)).toBe(Object.prototype)
  })
})

describe('extensions', () => {
  const materialization: TagExtension = {
    tags: ['materialization'],
    parse(parser, tag): MacroNode {
      const { at } = parser.stream.next()
      const name = parser.expressions.name()
      let adapter = 'default'
      if (parser.stream.skip('operator', ',') && !parser.stream.skip('name', 'default')) {
        parser.stream.expect('name', 'adapter')
        parser.stream.expect('operator', '=')
        adapter = parser.stream.expect('string').value as string
      }
      const { body } = parser.body([`end${tag}`])
      return {
        kind: 'macro',
        name: `materialization_${name}_${adapter}`,
        parameters: [],
        body,
        tag,
        meta: { adapter },
        at,
      }
    },
  }

  test('add tags that become macros', () => {
    const own = new Environment({ extensions: [materialization], globals: { return: returnValue } })
    const template = own.compile(
      "{% materialization view, adapter='duckdb' %}{{ return({'relations': [x]}) }}{% endmaterialization %}",
    )
    expect(template.macros()).toMatchObject([
      { name: 'materialization_view_duckdb', tag: 'materialization', meta: { adapter: 'duckdb' }, line: 1, column: 4 },
    ])
    const macro = template.module({ x: 1 }).exports.get('materialization_view_duckdb')
    expect(own.compile('{{ m().relations }}').render({ m: macro })).toBe('[1]')
  })

  test('blocks can be cut out as text, whatever stands in them', () => {
    const text =
      '{# {% docs no %} #}\n{% docs orders %}\nit\'s {{ 100 }}% "done\n{% enddocs %}{% snapshot s %}select 1{% endsnapshot %}'
    expect(topLevelBlocks(text, ['docs', 'snapshot'])).toMatchObject([
      { tag: 'docs', head: 'orders', contents: '\nit\'s {{ 100 }}% "done\n', line: 2, contentsColumn: 18 },
      { tag: 'snapshot', head: 's', contents: 'select 1', line: 4 },
    ])
  })
})

describe('findCalls', () => {
  const find = (source: string) => findCalls(env.compile(source), ['ref', 'source', 'config', 'config.get', 'var'])

  test('reads literal arguments without running anything', () => {
    const found = find(
      "{{ config(materialized='table', tags=('a', 'b'), meta={'k': [1]}) }}\nselect * from {{ ref('pkg', 'orders') }}",
    )
    expect(found.complete).toBe(true)
    expect(found.calls).toMatchObject([
      { name: 'config', kwargs: { materialized: 'table', tags: new Tuple(['a', 'b']) }, line: 1, column: 4 },
      { name: 'ref', args: ['pkg', 'orders'], line: 2, column: 18 },
    ])
    expect(found.calls[0]?.kwargs?.['meta']).toBeInstanceOf(Dict)
  })

  test.each([
    ["{% if is_incremental() %}{{ ref('a') }}{% endif %}", 'conditional calls'],
    ["{{ ref('a' ~ x) }}", 'computed arguments'],
    ['{{ other() }}', 'other calls'],
    ["{{ ref('a') if x }}", 'inline conditions'],
    ["{{ x and ref('a') }}", 'short circuits'],
    ['{{ ref(*args) }}', 'spread arguments'],
    ["{% include 'x' %}", 'other templates'],
    ["{{ ref('a') | upper }}", 'filters'],
  ])('%s is not complete: %s', (source) => {
    expect(find(source).complete).toBe(false)
  })

  test('names that are only read are told, called ones are not', () => {
    expect([...find("{{ this }} {{ config.get('a') }} {{ var('x') }}").names]).toEqual(['this'])
  })
})
