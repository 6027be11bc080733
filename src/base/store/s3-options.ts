import { z } from 'zod'

/**
 * How a bucket is reached: the options of a connection of kind `s3`. What is left out comes from where AWS's own
 * tools take it: environment variables, the shared files and their profiles, SSO, web identity, the container or
 * the instance.
 */
export const s3Options = z.strictObject({
  region: z
    .string()
    .min(1)
    .describe('Such as eu-central-1; taken from AWS_REGION or the profile when left out.')
    .optional(),
  endpoint: z.url().describe('The address of a service other than AWS, such as http://127.0.0.1:9000.').optional(),
  force_path_style: z
    .boolean()
    .describe('Whether the bucket stands in the path rather than in the host name; true by default with an endpoint.')
    .optional(),
  access_key_id: z
    .string()
    .min(1)
    .describe('Give it together with secret_access_key, from the environment.')
    .optional(),
  secret_access_key: z.string().min(1).optional(),
  session_token: z.string().min(1).optional(),
  profile: z.string().min(1).describe('The profile of ~/.aws/config and ~/.aws/credentials.').optional(),
})

/** Checked options of a connection of kind `s3`. */
export type S3Options = z.output<typeof s3Options>
