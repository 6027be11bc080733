import { z } from 'zod'

/** How a connection to MariaDB or MySQL is stated in millrace.yml, beside `kind: mariadb`. */
export const mariadbOptions = z.strictObject({
  url: z
    .string()
    .regex(/^(mysql|mariadb):\/\//, 'begins with mysql:// or mariadb://')
    .optional()
    .describe('`mysql://user:password@host:port/database`, with special characters as %XX.'),
  host: z.string().min(1).optional().describe('`localhost` by default.'),
  port: z.coerce.number().int().min(1).max(65_535).optional().describe('3306 by default.'),
  database: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  password: z.string().optional().describe('From the environment: `${SHOP_DB_PASSWORD}`.'),
  ssl_mode: z
    .enum(['disabled', 'preferred', 'required', 'verify_ca', 'verify_identity'])
    .default('preferred')
    .describe('As of the mysql client: preferred and required do not check the certificate.'),
  ssl_ca: z.string().optional().describe('The authorities to trust: a PEM file, relative to the project.'),
  ssl_cert: z.string().optional().describe('A client certificate: a PEM file.'),
  ssl_key: z.string().optional().describe('Its key: a PEM file.'),
  connect_timeout: z
    .union([z.string(), z.number()])
    .default('15 seconds')
    .describe('A duration; a number alone is milliseconds.'),
})

/** Checked options of a MariaDB connection. */
export type MariadbOptions = z.output<typeof mariadbOptions>
