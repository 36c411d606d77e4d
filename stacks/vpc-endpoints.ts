import type { Deployment } from './deployment.ts';

/**
 * What a load asks of AWS from within a private network that has no way to the internet: S3 over a gateway endpoint,
 * SQS and Secrets Manager over interface endpoints. Logs leave by Lambda itself.
 */
export function createVpcEndpoints({ name, settings }: Deployment): void {
  const { vpc } = settings;
  if (!vpc || vpc.endpointRouteTables.length === 0) return;
  const { vpcId } = aws.ec2.getSubnetOutput({ id: vpc.privateSubnets[0] });
  const { region } = aws.getRegionOutput();
  new aws.ec2.VpcEndpoint('EndpointS3', {
    vpcId,
    vpcEndpointType: 'Gateway',
    serviceName: $interpolate`com.amazonaws.${region}.s3`,
    routeTableIds: vpc.endpointRouteTables,
  });
  const securityGroup = new aws.ec2.SecurityGroup('EndpointAccess', {
    vpcId,
    description: `HTTPS from the functions of ${name} to AWS`,
    ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, securityGroups: vpc.securityGroups }],
  });
  for (const [component, service] of [
    ['EndpointSqs', 'sqs'],
    ['EndpointSecretsManager', 'secretsmanager'],
  ])
    new aws.ec2.VpcEndpoint(component, {
      vpcId,
      vpcEndpointType: 'Interface',
      serviceName: $interpolate`com.amazonaws.${region}.${service}`,
      subnetIds: vpc.privateSubnets,
      securityGroupIds: [securityGroup.id],
      privateDnsEnabled: true,
    });
}
