import { readFile } from 'node:fs/promises'
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from 'node:tls'
import { MillraceError } from '../kernel/index.ts'
import type { PostgresConfig } from './contract.ts'

/** One way to try: without TLS, or with these settings. */
export type TlsAttempt = false | ConnectionOptions

/**
 * The ways to connect, in their order: the second is tried when the server refuses the first (libpq, "SSL Support":
 * `prefer` and `allow` fall back, `require` takes any certificate unless an authority is given, `verify-ca` wants a
 * trusted one, `verify-full` one for this host too). A Unix socket has no TLS.
 * @throws MillraceError CONNECTION_DENIED when a certificate file cannot be read
 */
export async function tlsAttempts(config: PostgresConfig): Promise<readonly TlsAttempt[]> {
  if (config.sslmode === 'disable' || config.host.startsWith('/')) return [false]
  const tls = await settings(config)
  switch (config.sslmode) {
    case 'allow':
      return [false, tls]
    case 'prefer':
      return [tls, false]
    default:
      return [tls]
  }
}

async function settings(config: PostgresConfig): Promise<ConnectionOptions> {
  const { sslmode, sslrootcert, sslcert, sslkey, host } = config
  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full'
  if (verifies && sslrootcert === undefined) {
    throw new MillraceError(
      'CONNECTION_DENIED',
      `connecting by ${config.name}: ${sslmode} needs an authority to trust`,
      {
        hint: 'Set sslrootcert to the PEM file of the authority, or to "system" for those that Node.js trusts.',
      },
    )
  }
  const read = async (file: string, what: string) => {
    try {
      return await readFile(file)
    } catch (cause) {
      throw new MillraceError('CONNECTION_DENIED', `reading the ${what} ${file} of the connection ${config.name}`, {
        cause,
        hint: `Look at the file's path and its permissions.`,
      })
    }
  }
  const [ca, cert, key] = await Promise.all([
    sslrootcert === undefined || sslrootcert === 'system' ? undefined : read(sslrootcert, 'authority'),
    sslcert === undefined ? undefined : read(sslcert, 'certificate'),
    sslkey === undefined ? undefined : read(sslkey, 'key'),
  ])
  // libpq: "system" is only for verify-full, as anybody can have a certificate of a public authority.
  const full = sslmode === 'verify-full' || sslrootcert === 'system'
  return {
    // With an authority at hand `require` verifies too, as libpq does for compatibility; prefer and allow do not.
    rejectUnauthorized: verifies || (sslmode === 'require' && sslrootcert !== undefined),
    // Node.js takes the name to check from elsewhere when the host is an address.
    checkServerIdentity: full
      ? (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate)
      : () => undefined,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}
