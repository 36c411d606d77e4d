/** The embedded S3 and SQS take any; given openly, these keep the SDK from looking for a person's own. */
export const embeddedCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };
