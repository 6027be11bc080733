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
  port: z
    .union([z.int().min(1).max(65535), z.string().regex(/^\d{1,5}$/, 'a port is a number')])
    .optional()
    .describe('Default: 5432.'),
  database: z.string().min(1).optional().describe("Default: the user's name."),
  user: z.string().min(1).optional().describe("Default: the operating system's user."),
  password: z.string().optional().describe('Default: PGPASSWORD, then ~/.pgpass.'),
  sslmode: z.enum(SSL_MODES).optional().describe('How much TLS to insist on. Default: prefer.'),
  sslrootcert: z
    .string()
    .optional()
    .describe('PEM file of the authorities to trust, from the project folder, or "system".'),
  sslcert: z.string().optional().describe('PEM file of the client certificate, from the project folder.'),
  sslkey: z.string().optional().describe('PEM file of its key, from the project folder.'),
  connect_timeout: z
    .union([z.string(), z.number().positive()])
    .optional()
    .describe('How long to wait for the server: a duration, or a number of seconds. Default: 15 seconds.'),
  application_name: z.string().optional().describe('What pg_stat_activity shows. Default: millrace.'),
  options: z.string().optional().describe('Options for the server process, such as -c statement_timeout=5min.'),
})

/** Checked options of a connection. */
export type PostgresOptionsInput = z.output<typeof postgresOptions>
