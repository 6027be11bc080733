import { MillraceError } from '../../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { define, type FunctionDefinition, onlyDuckDb } from '../define.ts'
import { nameOf } from './array.ts'
import { type Known, mustBe, structOf, typed } from './collection-type.ts'

interface Member {
  readonly name: string
  readonly type: Known
  readonly sql: Sql
}

const HINT = 'It has no structs: use columns.'

/** A struct of names (constants) and values that follow each other. */
export const namedStruct = Object.assign(
  <const A extends readonly ColumnOrName[]>(
    ...columns: A
  ): Column<Record<string, unknown>, string, NamesOf<A[number]>, NeedsOf<A[number]>> =>
    new Column({ kind: 'call', fn: 'named_struct', args: columns.map(named) }),
  {
    definition: define(
      'named_struct',
      onlyDuckDb((args, types) => duckDbDialect.struct(pairs([...args], types)), HINT),
      typed((types, args = []) => structOf(pairs(args, types).map(({ name, type }) => [name, type]))),
    ),
  },
)

function pairs(args: readonly Sql[], types: readonly Known[]): Member[] {
  if (args.length === 0 || args.length % 2 === 1) {
    throw new MillraceError('FRAME_PLAN_INVALID', 'namedStruct() takes names and values in turn', {
      hint: 'Such as namedStruct(lit("a"), col("x"), lit("b"), col("y")).',
    })
  }
  return args.flatMap((of, i) => (i % 2 === 1 ? [{ name: nameOf(args[i - 1]) ?? '', type: types[i], sql: of }] : []))
}

function membersOf(of: Sql, type: Known): Member[] {
  mustBe('struct', type)
  if (type?.kind !== 'struct') {
    throw new MillraceError('COLUMN_TYPE', 'the members of the struct are not known', {
      hint: 'Cast it to a struct type first: col("s").cast("struct<a:int>").',
    })
  }
  return type.fields.map((field) => ({
    name: field.name,
    type: field.type,
    sql: duckDbDialect.member({ sql: of, type }, field.name),
  }))
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

function withMember(args: readonly Sql[], types: readonly Known[]): Member[] {
  const [of = sql`null`, name, value = sql`null`] = args
  const added: Member = { name: nameOf(name) ?? '', type: types[2], sql: value }
  const members = membersOf(of, types[0])
  return members.some((one) => same(one.name, added.name))
    ? members.map((one) => (same(one.name, added.name) ? added : one))
    : [...members, added]
}

function without(args: readonly Sql[], types: readonly Known[]): Member[] {
  const names = args.slice(1).map((name) => nameOf(name) ?? '')
  const left = membersOf(args[0] ?? sql`null`, types[0]).filter((one) => !names.some((name) => same(name, one.name)))
  if (left.length > 0) return left
  throw new MillraceError('FRAME_PLAN_INVALID', 'dropFields() leaves no member', {
    hint: 'Keep one of them, or drop the column.',
  })
}

function changed(
  name: string,
  members: (args: readonly Sql[], types: readonly Known[]) => Member[],
): FunctionDefinition {
  return define(
    name,
    onlyDuckDb(
      (args, types) =>
        sql`case when ${args[0]} is not null then ${duckDbDialect.struct(members([...args], types))} end`,
      HINT,
    ),
    typed((types, args = []) => structOf(members(args, types).map((one) => [one.name, one.type]))),
  )
}

/** What `withField` and `dropFields` of a column build. */
export const STRUCT_CHANGES: readonly FunctionDefinition[] = [
  changed('with_field', withMember),
  changed('drop_fields', without),
]
