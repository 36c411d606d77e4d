/** Which AWS is meant. */
export type AwsEndpoint = {
  region: string;
  /** Undefined: AWS itself. */
  endpointUrl: string | undefined;
};
