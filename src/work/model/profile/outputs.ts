import { z } from 'zod'
import { once } from '../../../base/kernel/index.ts'

/** An output of `type: duckdb`, by the names of dbt-duckdb. */
export const duckDbOutput = once(() =>
  z.looseObject({
    type: z.literal('duckdb'),
    path: z.string().optional(),
    schema: z.string().default('main'),
    database: z.string().optional(),
    threads: z.coerce.number().int().min(1).default(1),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
    config_options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
    extensions: z.array(z.union([z.string(), z.looseObject({ name: z.string() })])).nullish(),
    attach: z
      .array(
        z.looseObject({
          path: z.string(),
          alias: z.string().optional(),
          type: z.string().optional(),
          read_only: z.boolean().optional(),
          options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
        }),
      )
      .nullish(),
    plugins: z.array(z.looseObject({ module: z.string(), alias: z.string().nullish() })).nullish(),
    secrets: z
      .union([
        z.array(
          z.looseObject({
            type: z.string(),
            name: z.string().optional(),
            scope: z.union([z.string(), z.array(z.string())]).optional(),
          }),
        ),
        z.record(z.string(), z.unknown()),
      ])
      .nullish(),
  }),
)

/** An output of `type: postgres`, by the names of dbt-postgres. */
export const postgresOutput = once(() =>
  z.looseObject({
    type: z.literal('postgres'),
    host: z.string(),
    user: z.string(),
    password: z.coerce.string().optional(),
    pass: z.coerce.string().optional(),
    port: z.union([z.int(), z.string().regex(/^\d+$/, 'a port is a number')]).default(5432),
    dbname: z.string().optional(),
    database: z.string().optional(),
    schema: z.string(),
    threads: z.coerce.number().int().min(1).default(1),
    sslmode: z.string().optional(),
    sslcert: z.string().optional(),
    sslkey: z.string().optional(),
    sslrootcert: z.string().optional(),
    connect_timeout: z.number().optional(),
    role: z.string().optional(),
    search_path: z.string().optional(),
    application_name: z.string().optional(),
  }),
)

/** An output of a profile that models can be built in. */
export type ProfileOutput = z.output<ReturnType<typeof duckDbOutput>> | z.output<ReturnType<typeof postgresOutput>>
