import { z } from 'zod'
import { type Json, once, type Place } from '../../../base/kernel/index.ts'
import type { ProjectFile } from '../read/project-files.ts'

const shapes = once(() => {
  const rows = z.union([z.string(), z.array(z.record(z.string(), z.json()))])
  const fixture = z.looseObject({
    rows: rows.nullish(),
    format: z.enum(['dict', 'csv', 'sql']).default('dict'),
    fixture: z.string().nullish(),
  })
  const given = fixture.extend({ input: z.string() })
  const values = z.record(z.string(), z.json()).nullish()

  const entry = z.looseObject({
    name: z.string(),
    model: z.string(),
    description: z.string().nullish(),
    given: z.array(given).default([]),
    expect: fixture,
    overrides: z.object({ macros: values, vars: values, env_vars: values }).nullish(),
    config: z.record(z.string(), z.unknown()).nullish(),
    versions: z
      .object({
        include: z.union([z.string(), z.array(z.union([z.string(), z.number()]))]).nullish(),
        exclude: z.array(z.union([z.string(), z.number()])).nullish(),
      })
      .nullish(),
  })
  return { fixture, given, entry }
})

/** An entry of `unit_tests:` (https://docs.getdbt.com/reference/resource-properties/unit-tests). */
export const unitTestShape = (): Shapes['entry'] => shapes().entry

type Shapes = ReturnType<typeof shapes>

/** Rows of a fixture as they were written. */
export type Fixture = z.output<Shapes['fixture']>
/** Rows that stand for what a model reads. */
export type Given = z.output<Shapes['given']>

/** What a unit test says, in the words of dbt's manifest. */
export interface UnitTest {
  readonly model: string
  readonly given: readonly Given[]
  readonly expect: Fixture
  readonly overrides: {
    readonly macros: Readonly<Record<string, Json>>
    readonly vars: Readonly<Record<string, Json>>
    readonly env_vars: Readonly<Record<string, Json>>
  }
}

/** A unit test as a properties file has it. */
export interface UnitTestEntry {
  readonly entry: z.output<Shapes['entry']>
  readonly file: ProjectFile
  readonly at: Place
}
