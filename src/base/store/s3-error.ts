import { type ErrorCode, MillraceError, type Retry } from '../kernel/index.ts'

/** What messages say of where something happened; no secret. */
export interface S3Where {
  readonly bucket: string
  /** The name of the connection in millrace.yml. */
  readonly connection?: string
  readonly endpoint?: string
}

/** What the SDK throws, as far as it is looked at. */
interface SdkError extends Error {
  readonly code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

const CREDENTIALS =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile, or give access_key_id and secret_access_key to the connection.'

/** By the service's error code (Amazon S3 API reference, "Error responses") or the SDK's name for a failure of its own. */
const CAUSES: Record<string, readonly [ErrorCode, hint: string, Retry?]> = {
  NoSuchBucket: ['STORE_NOT_FOUND', 'Create the bucket, or correct its name or the endpoint.'],
  NoSuchKey: ['STORE_NOT_FOUND', 'The object was removed meanwhile; read again what is there.', 'after-reload'],
  PreconditionFailed: [
    'STORE_NOT_FOUND',
    'The object was replaced meanwhile; read again what is there.',
    'after-reload',
  ],
  AccessDenied: [
    'STORE_DENIED',
    'Give these credentials the rights to list, get, put and delete objects of the bucket.',
  ],
  InvalidAccessKeyId: ['STORE_DENIED', CREDENTIALS],
  SignatureDoesNotMatch: ['STORE_DENIED', 'The secret access key is not that of the access key id.'],
  ExpiredToken: ['STORE_DENIED', 'The session has expired: sign in again, then run the same again.', 'again'],
  ExpiredTokenException: ['STORE_DENIED', 'The session has expired: sign in again, then run the same again.', 'again'],
  InvalidToken: ['STORE_DENIED', CREDENTIALS],
  CredentialsProviderError: ['STORE_DENIED', CREDENTIALS],
  TokenProviderError: ['STORE_DENIED', CREDENTIALS],
  RequestTimeTooSkewed: ['STORE_DENIED', 'The clock of this machine is wrong; correct it.'],
  PermanentRedirect: ['STORE_FAILED', 'The bucket lies in another region: set region to it.'],
  AuthorizationHeaderMalformed: ['STORE_FAILED', 'The bucket lies in another region: set region to it.'],
  IllegalLocationConstraintException: ['STORE_FAILED', 'The bucket lies in another region: set region to it.'],
  NotImplemented: ['STORE_UNSUPPORTED', 'This service lacks an operation of S3 that is needed.'],
  QuotaExceeded: ['STORE_FULL', 'The bucket’s quota is used up.'],
  XMinioStorageFull: ['STORE_FULL', 'The disks of the service are full.'],
}

/** Failures of the network, by the error number of the system call. */
const NETWORK = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HPE_)/

/** A failed request as a coded error. `act` names the object. Coded errors pass unchanged; no header gets into it. */
export function s3Error(thrown: unknown, act: string, where: S3Where): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError
  const name = s3ErrorName(error)
  const from = where.connection === undefined ? '' : ` (connection ${where.connection})`
  const status = error.$metadata?.httpStatusCode ?? 0
  // An answer without a body has no code but HTTP's.
  const bare = status > 0 && /^Unknown(Error)?$/.test(name) ? `the service answered ${status}` : said(error, name)
  const what = name === 'NoSuchBucket' ? `there is no bucket "${where.bucket}"` : bare
  // The SDK's own error carries the response, whose headers nobody needs to see.
  const cause = new Error(`${name}: ${error.message}`)
  const made = (code: ErrorCode, hint: string, retry: Retry = 'never') =>
    new MillraceError(code, `${act}${from}: ${what}`, {
      cause,
      hint,
      retry,
      data: { bucket: where.bucket, ...(where.connection === undefined ? {} : { connection: where.connection }) },
    })
  if (name === 'AbortError') return new MillraceError('CANCELLED', `${act}${from} was cancelled`, { cause })
  const known = CAUSES[name]
  if (known) return made(...known)
  if (/region is missing/i.test(error.message)) return made('OPTION_MISSING', 'Set region, or AWS_REGION.')
  if (status === 401 || status === 403) return made(...(CAUSES.AccessDenied as readonly [ErrorCode, string]))
  if (status === 301) return made(...(CAUSES.PermanentRedirect as readonly [ErrorCode, string]))
  if (status === 507) return made('STORE_FULL', 'The service has no room left.')
  const address = where.endpoint === undefined ? 'the network' : where.endpoint
  if (NETWORK.test(error.code ?? '') || name === 'TimeoutError') {
    return made('STORE_FAILED', `Check that ${address} can be reached from here, then run the same again.`, 'again')
  }
  if (status === 429 || status >= 500) {
    return made('STORE_FAILED', 'The service is overloaded or failing; run the same again later.', 'again')
  }
  return made('STORE_FAILED', 'The service refused the request; see its documentation for this error code.')
}

/** The service's error code; HTTP's where an answer without a body (to HEAD) has none. */
export function s3ErrorName(error: Error): string {
  const { name, code, $metadata } = error as SdkError
  const status = $metadata?.httpStatusCode
  if (status === 412) return 'PreconditionFailed'
  if (status === 404 && (name === 'NotFound' || name === 'Unknown' || name === '404' || name === 'Error'))
    return 'NoSuchKey'
  return name === 'Error' && code !== undefined && status !== undefined ? code : name
}

function said({ message, code, $metadata }: SdkError, name: string): string {
  const words = message === '' || message === 'UnknownError' ? (code ?? name) : message
  const status = $metadata?.httpStatusCode
  const label =
    words.includes(name) || name === 'Error' ? '' : ` (${name}${status === undefined ? '' : `, HTTP ${status}`})`
  return `${words.split('\n')[0]}${label}`
}
