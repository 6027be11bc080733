import type * as Sdk from '@aws-sdk/client-s3'
import { optional } from '../kernel/index.ts'
import type { RemoteAccess } from './contract.ts'
import { s3Error, s3ErrorName } from './s3-error.ts'
import type { S3Options } from './s3-options.ts'

/** Milliseconds until a connection that does not come about, or an answer that does not go on, is given up. */
const CONNECT_MS = 5_000
const SILENCE_MS = 30_000
/** Tries of one request; the SDK waits longer before each. */
const TRIES = 5

/** An open client with the classes of its commands. */
export interface S3Client {
  readonly sdk: typeof Sdk
  readonly client: Sdk.S3Client
}

/** One bucket and how it is reached. The SDK is loaded, and credentials are looked for, at the first request. */
export class S3Bucket {
  readonly name: string
  readonly connection: string | undefined
  readonly #options: S3Options
  #opened: Promise<S3Client> | undefined
  #isThere: Promise<void> | undefined

  constructor(name: string, options: S3Options, connection: string | undefined) {
    this.name = name
    this.#options = options
    this.connection = connection
  }

  /**
   * Runs requests; what fails becomes a coded error that says `act`.
   * @throws MillraceError DEPENDENCY_MISSING, STORE_NOT_FOUND, STORE_DENIED, STORE_FAILED, STORE_FULL, CANCELLED
   */
  async run<T>(act: string, requests: (open: S3Client) => Promise<T>): Promise<T> {
    try {
      return await requests(await this.open())
    } catch (thrown) {
      throw this.error(thrown, act)
    }
  }

  /** As `run`; undefined when the object is not there (but an error when the bucket is not). */
  async ifThere<T>(act: string, requests: (open: S3Client) => Promise<T>): Promise<T | undefined> {
    return this.run(act, async (open) => {
      try {
        return await requests(open)
      } catch (thrown) {
        if (!(thrown instanceof Error) || s3ErrorName(thrown) !== 'NoSuchKey') throw thrown
        await this.#present(open)
        return undefined
      }
    })
  }

  error(thrown: unknown, act: string) {
    const { endpoint } = this.#options
    return s3Error(thrown, act, {
      bucket: this.name,
      ...(this.connection === undefined ? {} : { connection: this.connection }),
      ...(endpoint === undefined ? {} : { endpoint }),
    })
  }

  open(): Promise<S3Client> {
    this.#opened ??= this.#open().catch((thrown: unknown) => {
      this.#opened = undefined
      throw thrown
    })
    return this.#opened
  }

  /** Where requests go: the origin of an endpoint other than AWS's; undefined for AWS. */
  async customEndpoint(): Promise<string | undefined> {
    const { client } = await this.open()
    // Also set by AWS_ENDPOINT_URL or a profile, which the SDK reads.
    const endpoint = await client.config.endpoint?.()
    if (!endpoint || /\.amazonaws\.com(\.cn)?$/.test(endpoint.hostname)) return undefined
    return `${endpoint.protocol}//${endpoint.hostname}${endpoint.port === undefined ? '' : `:${endpoint.port}`}`
  }

  /** For an engine that reads the bucket by itself. */
  async access(): Promise<RemoteAccess> {
    return this.run(`looking for credentials for s3://${this.name}`, async ({ client }) => {
      const [credentials, region, endpoint] = await Promise.all([
        client.config.credentials(),
        client.config.region(),
        this.customEndpoint(),
      ])
      const { accessKeyId, secretAccessKey, sessionToken } = credentials
      return {
        scope: `s3://${this.name}/`,
        region,
        useTls: !endpoint?.startsWith('http:'),
        pathStyle: Boolean(client.config.forcePathStyle),
        accessKeyId,
        secretAccessKey,
        ...(endpoint === undefined ? {} : { endpoint: endpoint.replace(/^https?:\/\//, '') }),
        ...(sessionToken === undefined ? {} : { sessionToken }),
      }
    })
  }

  /** A missing object and a missing bucket both answer HEAD with 404; asked once. */
  #present({ client, sdk }: S3Client): Promise<void> {
    this.#isThere ??= client
      .send(new sdk.HeadBucketCommand({ Bucket: this.name }))
      .then(() => undefined)
      .catch((thrown: unknown) => {
        this.#isThere = undefined
        if (!(thrown instanceof Error) || s3ErrorName(thrown) !== 'NoSuchKey') {
          // Who may read objects need not be allowed to ask for the bucket.
          if ((thrown as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 403) return
          throw thrown
        }
        throw Object.assign(new Error('The bucket does not exist'), { name: 'NoSuchBucket' })
      })
    return this.#isThere
  }

  async #open(): Promise<S3Client> {
    const sdk = await optional<typeof Sdk>('@aws-sdk/client-s3', 'reads and writes S3')
    const { region, endpoint, force_path_style, access_key_id, secret_access_key, session_token, profile } =
      this.#options
    const environment = process.env
    const isCustom =
      endpoint !== undefined ||
      environment.AWS_ENDPOINT_URL_S3 !== undefined ||
      environment.AWS_ENDPOINT_URL !== undefined
    // Other services do not look at the region, but a request cannot be signed without one.
    const known =
      region ?? (isCustom ? (environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1') : undefined)
    const client = new sdk.S3Client({
      maxAttempts: TRIES,
      followRegionRedirects: true,
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENCE_MS, socketTimeout: SILENCE_MS },
      forcePathStyle: force_path_style ?? isCustom,
      ...(known === undefined ? {} : { region: known }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(profile === undefined ? {} : { profile }),
      // Older services refuse the checksums that AWS's newer SDKs add to every request.
      ...(isCustom ? { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } : {}),
      ...(access_key_id === undefined || secret_access_key === undefined
        ? {}
        : {
            credentials: {
              accessKeyId: access_key_id,
              secretAccessKey: secret_access_key,
              ...(session_token === undefined ? {} : { sessionToken: session_token }),
            },
          }),
    })
    return { sdk, client }
  }
}
