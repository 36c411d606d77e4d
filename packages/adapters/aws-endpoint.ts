/** Which AWS is meant. */
export type AwsEndpoint = {
  region: string;
  /** Undefined: AWS itself. */
  endpointUrl: string | undefined;
  /** Undefined: those that the SDK finds, as a function's role. */
  credentials?: AwsCredentials | undefined;
};

export type AwsCredentials = { accessKeyId: string; secretAccessKey: string };
