import { join, literal, type Sql, sql } from '../../../../base/sql/index.ts'
import type { Expression } from './expression.ts'

/** A call in DuckDB; undefined when these arguments are not translated. */
type Translated = (args: readonly Sql[], given: readonly Expression[]) => Sql | undefined

const one =
  (of: (arg: Sql) => Sql): Translated =>
  (args) =>
    args.length === 1 && args[0] ? of(args[0]) : undefined
const two =
  (of: (left: Sql, right: Sql) => Sql): Translated =>
  (args) =>
    args.length === 2 && args[0] && args[1] ? of(args[0], args[1]) : undefined
const none =
  (of: Sql): Translated =>
  (args) =>
    args.length === 0 ? of : undefined

const date = (arg: Sql) => sql`cast(${arg} as date)`
const clock = (arg: Sql) => sql`cast(${arg} as timestamp)`

/** Parts of a pattern of date_format that mean the same in every locale. */
const PATTERN: Readonly<Record<string, string>> = { yyyy: '%Y', MM: '%m', dd: '%d', HH: '%H', mm: '%M', ss: '%S' }

function dateFormat(args: readonly Sql[], [, pattern]: readonly Expression[]): Sql | undefined {
  if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string' || !args[0]) return undefined
  const parts = pattern.value.match(/[A-Za-z]+|[^A-Za-z]+/g) ?? []
  const found = parts.map((part) => (/[A-Za-z]/.test(part) ? PATTERN[part] : part.replaceAll('%', '%%')))
  if (found.includes(undefined) || pattern.value.includes("'")) return undefined
  return sql`strftime(${clock(args[0])}, ${literal(found.join(''))})`
}

function dateTrunc(args: readonly Sql[], [unit]: readonly Expression[]): Sql | undefined {
  const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']
  const name = unit?.kind === 'literal' ? String(unit.value).toLowerCase() : ''
  if (!units.includes(name) || !args[1] || args.length !== 2) return undefined
  return sql`date_trunc(${literal(name)}, cast(${args[1]} as timestamptz))`
}

function trunc(args: readonly Sql[], [, unit]: readonly Expression[]): Sql | undefined {
  const name = unit?.kind === 'literal' ? String(unit.value).toLowerCase() : ''
  const full = { year: 'year', yyyy: 'year', yy: 'year', quarter: 'quarter', month: 'month', mon: 'month', mm: 'month' }
  const found = name === 'week' ? name : full[name as keyof typeof full]
  return found && args[0] && args.length === 2
    ? sql`cast(date_trunc(${literal(found)}, ${date(args[0])}) as date)`
    : undefined
}

function substring(args: readonly Sql[]): Sql | undefined {
  const [text, from, length] = args
  if (!text || !from || args.length > 3) return undefined
  // Spark counts from 1, and takes 0 for it.
  const start = sql`case when ${from} = 0 then 1 else ${from} end`
  return length ? sql`substring(${text}, ${start}, ${length})` : sql`substring(${text}, ${start})`
}

const many =
  (name: string): Translated =>
  (args) => {
    if (args.length === 0) return undefined
    if (name === 'coalesce') return sql`coalesce(${join(args)})`
    return name === 'greatest' ? sql`greatest(${join(args)})` : sql`least(${join(args)})`
  }

/** Functions of Spark SQL that mean the same in DuckDB in this form, by their names there. */
export const FUNCTIONS: Readonly<Record<string, Translated>> = {
  abs: one((arg) => sql`abs(${arg})`),
  array_contains: two((list, item) => sql`list_contains(${list}, ${item})`),
  ceil: one((arg) => sql`cast(ceil(${arg}) as bigint)`),
  ceiling: one((arg) => sql`cast(ceil(${arg}) as bigint)`),
  char_length: one((arg) => sql`length(${arg})`),
  coalesce: many('coalesce'),
  concat: (args) =>
    args.length === 0
      ? undefined
      : sql`(${join(
          args.map((arg) => sql`cast(${arg} as varchar)`),
          ' || ',
        )})`,
  contains: two((text, part) => sql`contains(${text}, ${part})`),
  current_date: none(sql`current_date`),
  current_timestamp: none(sql`now()`),
  date: one(date),
  date_add: two((day, count) => sql`(${date(day)} + cast(${count} as integer))`),
  date_format: dateFormat,
  date_sub: two((day, count) => sql`(${date(day)} - cast(${count} as integer))`),
  date_trunc: dateTrunc,
  datediff: two((end, start) => sql`date_diff('day', ${date(start)}, ${date(end)})`),
  day: one((arg) => sql`day(${date(arg)})`),
  dayofmonth: one((arg) => sql`day(${date(arg)})`),
  dayofweek: one((arg) => sql`(dayofweek(${date(arg)}) + 1)`),
  dayofyear: one((arg) => sql`dayofyear(${date(arg)})`),
  endswith: two((text, part) => sql`suffix(${text}, ${part})`),
  exp: one((arg) => sql`exp(${arg})`),
  floor: one((arg) => sql`cast(floor(${arg}) as bigint)`),
  greatest: many('greatest'),
  hour: one((arg) => sql`hour(${clock(arg)})`),
  if: ([when, then, otherwise]) =>
    when && then && otherwise ? sql`case when ${when} then ${then} else ${otherwise} end` : undefined,
  ifnull: two((a, b) => sql`coalesce(${a}, ${b})`),
  isnotnull: one((arg) => sql`(${arg} is not null)`),
  isnull: one((arg) => sql`(${arg} is null)`),
  last_day: one((arg) => sql`last_day(${date(arg)})`),
  lcase: one((arg) => sql`lower(${arg})`),
  least: many('least'),
  length: one((arg) => sql`length(${arg})`),
  ln: one((arg) => sql`ln(${arg})`),
  log10: one((arg) => sql`log10(${arg})`),
  lower: one((arg) => sql`lower(${arg})`),
  ltrim: one((arg) => sql`ltrim(${arg}, ' ')`),
  md5: one((arg) => sql`md5(${arg})`),
  minute: one((arg) => sql`minute(${clock(arg)})`),
  mod: two((a, b) => sql`(${a} % ${b})`),
  month: one((arg) => sql`month(${date(arg)})`),
  now: none(sql`now()`),
  nullif: two((a, b) => sql`nullif(${a}, ${b})`),
  nvl: two((a, b) => sql`coalesce(${a}, ${b})`),
  pmod: two((a, b) => sql`(((${a} % ${b}) + ${b}) % ${b})`),
  pow: two((a, b) => sql`power(${a}, ${b})`),
  power: two((a, b) => sql`power(${a}, ${b})`),
  quarter: one((arg) => sql`quarter(${date(arg)})`),
  replace: ([text, from, to]) => (text && from && to ? sql`replace(${text}, ${from}, ${to})` : undefined),
  round: ([arg, digits]) => (arg ? (digits ? sql`round(${arg}, ${digits})` : sql`round(${arg})`) : undefined),
  rtrim: one((arg) => sql`rtrim(${arg}, ' ')`),
  second: one((arg) => sql`second(${clock(arg)})`),
  sign: one((arg) => sql`cast(sign(${arg}) as double)`),
  size: one((arg) => sql`len(${arg})`),
  sqrt: one((arg) => sql`sqrt(${arg})`),
  startswith: two((text, part) => sql`starts_with(${text}, ${part})`),
  substr: substring,
  substring: substring,
  to_date: one(date),
  to_timestamp: one((arg) => sql`cast(${arg} as timestamptz)`),
  trim: one((arg) => sql`trim(${arg}, ' ')`),
  trunc: trunc,
  ucase: one((arg) => sql`upper(${arg})`),
  upper: one((arg) => sql`upper(${arg})`),
  weekofyear: one((arg) => sql`weekofyear(${date(arg)})`),
  year: one((arg) => sql`year(${date(arg)})`),
}
