import { z } from 'zod'
import { SSL_MODES } from './contract.ts'

/** The options of a connection to PostgreSQL in millrace.yml, by the names libpq has for them. */
export const postgresOptions = z.strictObject({
  url: z
    .string()
    .optional()
    .describe('A postgresql:// address; the other options, where given, take precedence over what it says.'),
  host: z
    .string()
    .min(1)
    .optional()
    .describe('Host name, address, or the folder of a Unix socket. Default: localhost.'),
  port: z.int().min(1).max(65535).optional().describe('Default: 5432.'),
  database: z.string().min(1).optional().describe("Default: the user's name."),
  user: z.string().min(1).optional().describe("Default: the operating system's user."),
  password: z.string().optional().describe('Default: PGPASSWORD, then ~/.pgpass.'),
  sslmode: z.enum(SSL_MODES).optional().describe('How much TLS to insist on. Default: prefer.'),
  sslrootcert: z.string().optional().describe('PEM file of the authorities to trust, or "system".'),
  sslcert: z.string().optional().describe('PEM file of the client certificate.'),
  sslkey: z.string().optional().describe('PEM file of its key.'),
  connect_timeout: z
    .union([z.string(), z.number().positive()])
    .optional()
    .describe('How long to wait for the server: a duration, or a number of seconds. Default: 15 seconds.'),
  application_name: z.string().optional().describe('What pg_stat_activity shows. Default: millrace.'),
  options: z.string().optional().describe('Options for the server process, such as -c statement_timeout=5min.'),
})

/** Checked options of a connection. */
export type PostgresOptionsInput = z.output<typeof postgresOptions>
