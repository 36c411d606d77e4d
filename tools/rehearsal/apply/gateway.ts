import {
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  type CreateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { Applier } from './applier.ts';
import { pascalKeys } from './pascal-keys.ts';

export const gateway: Record<string, Applier> = {
  async 'aws:apigatewayv2/api:Api'({ corsConfiguration, ...inputs }, { apiGateway }) {
    const cors = Object.keys((corsConfiguration ?? {}) as object).length > 0;
    const { ApiId } = await apiGateway.send(
      new CreateApiCommand({
        ...(pascalKeys(inputs) as CreateApiCommandInput),
        ...(cors && { CorsConfiguration: pascalKeys(corsConfiguration) as object }),
      }),
    );
    return { id: ApiId };
  },
  async 'aws:apigatewayv2/authorizer:Authorizer'({ identitySources, ...inputs }, { apiGateway }) {
    const { AuthorizerId } = await apiGateway.send(
      new CreateAuthorizerCommand({
        ...(pascalKeys(inputs) as CreateAuthorizerCommandInput),
        IdentitySource: identitySources as string[],
      }),
    );
    return { id: AuthorizerId };
  },
  async 'aws:apigatewayv2/integration:Integration'(inputs, { apiGateway }) {
    const { IntegrationId } = await apiGateway.send(
      new CreateIntegrationCommand(pascalKeys(inputs) as CreateIntegrationCommandInput),
    );
    return { id: IntegrationId };
  },
  async 'aws:apigatewayv2/route:Route'(inputs, { apiGateway }) {
    await apiGateway.send(new CreateRouteCommand(pascalKeys(inputs) as CreateRouteCommandInput));
    return undefined;
  },
  async 'aws:apigatewayv2/stage:Stage'({ name, ...inputs }, { apiGateway }) {
    await apiGateway.send(
      new CreateStageCommand({
        ...(pascalKeys(inputs) as Omit<CreateStageCommandInput, 'StageName'>),
        StageName: String(name),
      }),
    );
    return undefined;
  },
};
