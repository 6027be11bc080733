import type { z } from 'zod'
import type { Json } from '../../base/kernel/index.ts'
import type { Defined } from './expectation.ts'
import type { KnownExpectation } from './registry.generated.ts'
import type { ExpectationConfig, Severity, Suite } from './suite.ts'

/** A value that is given when the suite is run. */
export interface SuiteParameter {
  readonly $PARAMETER: string
}

/** The arguments that every expectation takes beside its own. */
export interface CommonKwargs {
  /** Text (`col("status") == "paid"`), or the objects of Great Expectations 1.5. */
  readonly row_condition?: Json
  readonly condition_parser?: 'great_expectations' | 'great_expectations__experimental__' | 'pandas'
}

/** The arguments of an expectation, each of which may be a parameter. */
export type KwargsOf<D extends Defined> = {
  readonly [K in keyof z.input<D['kwargs']>]: z.input<D['kwargs']>[K] | SuiteParameter
} & CommonKwargs

/** An expectation in a suite, with the arguments that its kind takes. */
export interface StatedExpectation<D extends Defined> {
  readonly type: D['type']
  readonly kwargs: KwargsOf<D>
  /** Critical unless told. */
  readonly severity?: Severity
  readonly meta?: Readonly<Record<string, Json>>
  readonly notes?: Json
  readonly id?: string
}

type Stated<D> = D extends Defined ? StatedExpectation<D> : never
/** One of the expectations there are; your own ones are stated by `expectation`. */
export type AnyExpectation = Stated<KnownExpectation> | OwnExpectation

declare const own: unique symbol
/** An expectation of a plug-in, whose arguments `expectation` has checked. */
export interface OwnExpectation {
  readonly [own]: true
  readonly type: string
  readonly kwargs: object
  readonly severity?: Severity
  readonly meta?: Readonly<Record<string, Json>>
  readonly notes?: Json
  readonly id?: string
}

/** States an expectation of your own in a suite, with its arguments typed. */
export function expectation<T extends string, S extends z.ZodType>(
  { type }: Defined<T, S>,
  kwargs: KwargsOf<Defined<T, S>>,
  more: Pick<OwnExpectation, 'severity' | 'meta' | 'notes' | 'id'> = {},
): OwnExpectation {
  return { type, kwargs, ...more } as unknown as OwnExpectation
}

/** A suite as it is written in TypeScript. */
export interface SuiteDefinition {
  readonly name: string
  readonly expectations: readonly AnyExpectation[]
  readonly meta?: Readonly<Record<string, Json>>
  /** Values for `{ $PARAMETER: name }` when none are given. */
  readonly parameters?: Readonly<Record<string, Json>>
}

/**
 * A suite in TypeScript, whose expectations and their arguments the compiler checks: a file of `suites/` exports it by
 * default. The words are those of Great Expectations' JSON.
 */
export function defineSuite({ name, expectations, meta = {}, parameters = {} }: SuiteDefinition): Suite {
  const file = `defineSuite ${name}`
  return { name, file, meta, parameters, expectations: expectations.map((one, index) => configOf(one, file, index)) }
}

/** An expectation as suites hold it. */
export function configOf(stated: AnyExpectation, file: string, index: number): ExpectationConfig {
  const { type, kwargs, severity = 'critical', meta = {}, notes, id } = stated
  return {
    type,
    kwargs: kwargs as Readonly<Record<string, Json>>,
    severity,
    meta,
    at: { file, path: `expectations.${index}` },
    ...(notes === undefined ? {} : { notes }),
    ...(id === undefined ? {} : { id }),
  }
}

/** A suite as the JSON of Great Expectations 1.x. */
export function suiteJson({ name, expectations, meta, parameters }: Suite): Json {
  return {
    name,
    expectations: expectations.map(({ at: _, placeOf: __, defect: ___, ...written }) => written as unknown as Json),
    meta,
    ...(Object.keys(parameters).length === 0 ? {} : { suite_parameters: parameters }),
  }
}
