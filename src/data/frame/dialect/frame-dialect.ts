import { type DataType, MillraceError, type Place } from '../../../base/kernel/index.ts'
import type { Dialect, Sql } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'
import type { FunctionDefinition, Refusal, Template, TemplateArgs } from '../functions/define.ts'
import type { Hope } from '../functions/math/held-decimal.ts'

/** A function as an engine writes it: text with `$1`, `$2` … and `$*`, or one of its arguments. */
export type OwnForm = string | ((args: TemplateArgs) => Sql)

/** What the compiler of frames asks of a dialect; everything else is the same SQL everywhere. */
export interface FrameDialect {
  readonly name: Dialect
  /** How errors call the engine. */
  readonly engine: string
  /** The longest column name, in bytes of UTF-8. */
  readonly nameBytes: number
  /** Joins `semi join` and `anti join` exist. */
  readonly oneSidedJoins: boolean
  /** A full join may have any condition. */
  readonly fullJoins: boolean
  /** From a filter over joins the engine itself takes what concerns one side, and weighs what to compare within the join. */
  readonly weighsJoinFilters: boolean
  /** `using sample … (bernoulli, seed)` exists. */
  readonly samples: boolean
  /** Frames of both sides of a union, and the branches of a case, must be cast to one type. */
  readonly strict: boolean
  /** The engine's own form of a function, where that is what is wanted (`engineSemantics`). */
  readonly own?: (name: string) => OwnForm | undefined
  /** Present where whoever runs the statement compiles it again, without hope, when it fails by an overflow. */
  readonly hope?: Hope
  typeName(type: DataType): Sql
  cast(arg: Typed, to: DataType, isTry: boolean): Sql
  literal(of: unknown, type: DataType): Sql
  /** A struct of named members. */
  struct(members: readonly (Typed & { readonly name: string })[]): Sql
  /** A member of a struct, a map or JSON by its name. */
  member(of: Typed, name: string): Sql
  /** The value as an order takes it: text goes by its bytes. */
  ordered(of: Typed): Sql
  form(definition: FunctionDefinition): Template | Refusal
  /** A computed value as its type, where the engine would have forgotten part of that. */
  typed(value: Sql, type: DataType | undefined): Sql
  /** An argument as the letter of a placeholder wants it. */
  convert(letter: string, args: readonly Typed[], i: number): Sql
}

/** That an engine has no equal form of something in a frame. */
export function unsupported(what: string, engine: string, instead = '', at?: Place): MillraceError {
  return new MillraceError('ENGINE_UNSUPPORTED', `${what} cannot be computed by ${engine} with the same result`, {
    hint: instead === '' ? `Compute it in DuckDB, or write ${engine}'s own SQL with expr("…").` : instead,
    ...(at ? { at } : {}),
  })
}
