import { type DataType, type Json, MillraceError, type Place, unknownName } from '../../base/kernel/index.ts'
import { id, join, literal, type Sql, type SqlValue, trusted } from '../../base/sql/index.ts'
import type { RunValues } from './run-values.ts'

/** What a placeholder stands for: a value with its type, or a piece of SQL (the relation of an input). */
export type Binding = { readonly value: SqlValue; readonly type?: DataType } | { readonly relation: Sql }

/** The bindings of a run: Airflow's `ds`, `ds_nodash`, `data_interval_start` …, and `vars.name`. */
export function runBindings(values: RunValues): Record<string, Binding> {
  const vars = Object.entries(values.vars).map(
    ([name, value]) => [`vars.${name}`, { value: plainValue(value) }] as const,
  )
  const start: Binding = { value: values.dataIntervalStart, type: { kind: 'timestamp' } }
  const end: Binding = { value: values.dataIntervalEnd, type: { kind: 'timestamp' } }
  return {
    ds: { value: values.ds, type: { kind: 'date' } },
    ds_nodash: { value: values.ds.replaceAll('-', '') },
    data_interval_start: start,
    data_interval_end: end,
    dataIntervalStart: start,
    dataIntervalEnd: end,
    run_id: { value: values.runId },
    pipeline: { value: values.pipeline },
    task: { value: values.task },
    ...Object.fromEntries(vars),
  }
}

/** The bindings of inputs: each the quoted name of a relation. */
export function inputBindings(names: Iterable<string>): Record<string, Binding> {
  return Object.fromEntries([...names].map((name) => [name, { relation: id(name) }]))
}

/**
 * A user's SQL with `{{ name }}` replaced by a typed literal, and inside quotes (`'{{ ds }}'`, `'day={{ ds }}'`) by
 * the same value as text: a value never becomes code. In comments and quoted names placeholders are left alone.
 * `{{ var('x') }}` is `{{ vars.x }}`. For logic there is dbt: `{% … %}` is refused.
 * @throws MillraceError TEMPLATE_VALUE with the line
 */
export function bindTemplate(text: string, bindings: Readonly<Record<string, Binding>>, file?: string): Sql {
  const pieces: Sql[] = []
  const token =
    /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|\$\$[\s\S]*?\$\$|'(?:[^']|'')*'|\{\{([\s\S]*?)\}\}|\{%[\s\S]*?%\}/g
  let end = 0
  for (const match of text.matchAll(token)) {
    const [whole, inner] = match
    const at = placeAt(text, match.index, file)
    if (whole.startsWith('{%')) {
      throw new MillraceError('TEMPLATE_VALUE', `${whole} cannot stand in the SQL of a task`, {
        ...at,
        hint: 'Only {{ name }} is bound here; write a dbt model for conditions and loops.',
      })
    }
    const quoted = whole.startsWith("'") && whole.includes('{{')
    if (inner === undefined && !quoted) continue
    pieces.push(trusted(text.slice(end, match.index)))
    end = match.index + whole.length
    pieces.push(inner === undefined ? literal(insideQuotes(whole, bindings, at)) : bare(inner, bindings, at))
  }
  return join([...pieces, trusted(text.slice(end))], '')
}

type At = { readonly at?: Place }

function bare(expression: string, bindings: Readonly<Record<string, Binding>>, at: At): Sql {
  const binding = bindingOf(expression, bindings, at)
  return 'relation' in binding ? binding.relation : literal(binding.value, binding.type)
}

function insideQuotes(quoted: string, bindings: Readonly<Record<string, Binding>>, at: At): string {
  return quoted
    .slice(1, -1)
    .replaceAll("''", "'")
    .replace(/\{\{([\s\S]*?)\}\}/g, (_, expression: string) => {
      const binding = bindingOf(expression, bindings, at)
      if (!('relation' in binding)) return String(binding.value)
      throw new MillraceError('TEMPLATE_VALUE', `{{${expression}}} is a relation and cannot stand in quotes`, at)
    })
}

function bindingOf(expression: string, bindings: Readonly<Record<string, Binding>>, at: At): Binding {
  const written = expression.trim()
  const variable = /^var\(\s*(['"])([\w.-]+)\1\s*\)$/.exec(written)
  const name = variable ? `vars.${variable[2]}` : written
  const binding = Object.hasOwn(bindings, name) ? bindings[name] : undefined
  if (binding) return binding
  throw unknownName('TEMPLATE_VALUE', 'the value', `{{ ${written} }}`, Object.keys(bindings), at)
}

function placeAt(text: string, index: number, file: string | undefined): At {
  if (file === undefined) return {}
  const before = text.slice(0, index).split('\n')
  return { at: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } }
}

function plainValue(value: Json): SqlValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
