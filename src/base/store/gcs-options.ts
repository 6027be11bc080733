import { z } from 'zod'

/**
 * How a bucket of Google Cloud Storage is reached: the options of a connection of kind `gcs`. What is left out comes
 * from GOOGLE_APPLICATION_CREDENTIALS, the path of a service account's key file.
 */
export const gcsOptions = z.strictObject({
  access_key_id: z.string().min(1).describe('Of an HMAC key; give it together with secret_access_key.').optional(),
  secret_access_key: z.string().min(1).optional(),
  key_file: z.string().min(1).describe('The key file (JSON) of a service account.').optional(),
  access_token: z.string().min(1).describe('A token that is there already, such as gcloud prints.').optional(),
  endpoint: z.url().describe('The address of a service other than Google’s.').optional(),
})

/** Checked options of a connection of kind `gcs`. */
export type GcsOptions = z.output<typeof gcsOptions>
