import type { DataType, Schema } from '../../base/kernel/index.ts'
import type { AnyRow, Decimal, Flat } from './row-types.ts'

// What `collect` gives for each type; the guide has the same table. Words are those that parseType reads.
interface Words
  extends Record<'boolean' | 'bool', boolean>,
    Record<
      | 'byte' | 'tinyint' | 'short' | 'smallint' | 'int' | 'integer' | 'ubyte' | 'utinyint' | 'uint8' | 'ushort'
      | 'usmallint' | 'uint16' | 'uinteger' | 'uint32' | 'float' | 'real' | 'double',
      number
    >,
    Record<'long' | 'bigint' | 'hugeint' | 'ulong' | 'ubigint' | 'uint64', bigint>,
    Record<
      | 'string' | 'text' | 'varchar' | 'uuid' | 'json' | 'date' | 'time' | 'timestamp' | 'timestamptz'
      | 'timestamp_ltz' | 'timestamp_ntz' | 'interval',
      string
    >,
    Record<'decimal' | 'numeric', Decimal>,
    Record<'binary' | 'blob' | 'bytes', Uint8Array>,
    Record<'void' | 'null', null> {} // biome-ignore format: a table

/** The type of the values of a column whose type is `D`: its text, such as `'array<int>'`, or a `DataType`. */
export type TypeNamed<D> = D extends string
  ? string extends D
    ? // biome-ignore lint/suspicious/noExplicitAny: a text that is only known when it runs
      any
    : Read<D> extends [infer T, string]
      ? T
      : // biome-ignore lint/suspicious/noExplicitAny: a text that types cannot read
        any
  : D extends DataType
    ? TypeOfData<D>
    : // biome-ignore lint/suspicious/noExplicitAny: as above
      any

/** The row type of columns as DDL text: `'id bigint not null, tags array<string>'`. */
export type RowNamed<S extends string> = string extends S ? AnyRow : ReadColumns<S, unknown>

type ReadColumns<S extends string, Row> = S extends ''
  ? Flat<Row>
  : ReadName<Trim<S>, ' ' | ':'> extends [infer Name extends string, infer After extends string]
    ? Read<After> extends [infer T, infer Rest extends string]
      ? Ended<T, Rest> extends [infer V, infer More extends string]
        ? ReadColumns<More extends `,${infer Next}` ? Next : '', Row & { [K in Name]: V }>
        : AnyRow
      : AnyRow
    : AnyRow

type Trim<S extends string> = S extends `${' ' | '\n' | '\t'}${infer Rest}` ? Trim<Rest> : S
type Before<S extends string, D extends string> = S extends `${infer Head}${D}${string}` ? Head : S

/** A name and what follows it: `id bigint`, `id: bigint`, or in backticks. */
type ReadName<S extends string, D extends string> = S extends `\`${infer Name}\`${infer Rest}`
  ? [Name, AfterName<Trim<Rest>>]
  : Before<Before<S, ':'>, ' '> extends infer Name extends string
    ? S extends `${Name}${D}${infer Rest}`
      ? [Name, AfterName<Trim<Rest>>]
      : never
    : never
type AfterName<S extends string> = S extends `:${infer Rest}` ? Rest : S

/** A type and what follows it. */
type Read<S extends string> = ReadTrimmed<Trim<S>>
type ReadTrimmed<S extends string> = S extends `${infer Word}<${infer Inner}`
  ? Lowercase<Word> extends 'array'
    ? Read<Inner> extends [infer E, infer Rest extends string]
      ? [(E | null)[], AfterClose<Trim<Rest>>]
      : never
    : Lowercase<Word> extends 'map'
      ? Read<Inner> extends [infer K, infer Next extends string]
        ? Trim<Next> extends `,${infer ValueText}`
          ? Read<ValueText> extends [infer V, infer Rest extends string]
            ? [Map<K, V | null>, AfterClose<Trim<Rest>>]
            : never
          : never
        : never
      : Lowercase<Word> extends 'struct'
        ? ReadMembers<Inner, unknown>
        : ReadWord<S>
  : ReadWord<S>
type AfterClose<S extends string> = S extends `>${infer Rest}` ? Rest : never

type ReadMembers<S extends string, Row> =
  Trim<S> extends `>${infer Rest}`
    ? [Flat<Row>, Rest]
    : ReadName<Trim<S>, ':' | ' '> extends [infer Name extends string, infer After extends string]
      ? Read<After> extends [infer T, infer Rest extends string]
        ? Ended<T, Rest> extends [infer V, infer More extends string]
          ? ReadMembers<More extends `,${infer Next}` ? Next : More, Row & { [K in Name]: V }>
          : never
        : never
      : never

type ReadWord<S extends string> =
  Before<Before<Before<Before<S, ','>, '>'>, ' '>, '('> extends infer Word extends string
    ? Lowercase<Word> extends keyof Words
      ? S extends `${Word}(${string})${infer Rest}`
        ? [Words[Lowercase<Word>], Rest]
        : S extends `${Word}${infer Rest}`
          ? [Words[Lowercase<Word>], Rest]
          : never
      : never
    : never

/** What may follow a type: `not null` and a comment. */
type Ended<T, S extends string> =
  Trim<S> extends infer Rest extends string
    ? Rest extends `${infer Word} ${infer More}`
      ? Lowercase<Word> extends 'not'
        ? Trim<More> extends `${'null' | 'NULL' | 'Null'}${infer After}`
          ? [T, WithoutComment<Trim<After>>]
          : never
        : [T | null, WithoutComment<Rest>]
      : [T | null, Rest]
    : never
type WithoutComment<S extends string> = S extends `${'comment' | 'COMMENT'} '${string}'${infer Rest}` ? Trim<Rest> : S

type TypeOfData<D extends DataType> = DataType extends D
  ? // biome-ignore lint/suspicious/noExplicitAny: a type that is only known when it runs
    any
  : D extends { readonly kind: 'array'; readonly element: infer E extends DataType }
    ? (TypeOfData<E> | null)[]
    : D extends {
          readonly kind: 'map'
          readonly key: infer K extends DataType
          readonly value: infer V extends DataType
        }
      ? Map<TypeOfData<K>, TypeOfData<V> | null>
      : D extends { readonly kind: 'struct'; readonly fields: Schema['fields'] }
        ? RowOfSchema<D>
        : D extends { readonly kind: infer K extends keyof Words }
          ? Words[K]
          : // biome-ignore lint/suspicious/noExplicitAny: as above
            any

/** The row type of a schema whose columns are known as literal types; any row of another. */
export type RowOfSchema<S extends Pick<Schema, 'fields'>> = S['fields'] extends readonly [unknown, ...unknown[]]
  ? {
      [F in S['fields'][number] as F['name']]: TypeOfData<F['type']> | (F['nullable'] extends false ? never : null)
    }
  : AnyRow
