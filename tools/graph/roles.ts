import { matches, type Statement } from '../rehearsal/aws-call.ts';
import type { Graph } from './evaluate.ts';

/** What a policy says, each list written out. @param policy a document, or its JSON. */
export function statementsOf(policy: unknown): Statement[] {
  const document = typeof policy === 'string' ? JSON.parse(policy) : policy;
  return ((document as { Statement?: Statement[] } | undefined)?.Statement ?? []).map((statement) => ({
    ...statement,
    Action: [statement.Action].flat(),
    Resource: [statement.Resource].flat(),
  }));
}

/** What the role of a function may do. @param functionName `savepoint-dev-api` */
export function grantsOf({ resources }: Pick<Graph, 'resources'>, functionName: string): Statement[] {
  const deployed = resources.find(
    ({ type, inputs }) => type === 'aws:lambda/function:Function' && inputs.name === functionName,
  );
  const role = resources.find(
    ({ type, inputs }) =>
      type === 'aws:iam/role:Role' && String(deployed?.inputs.role).endsWith(`/${inputs.name}`),
  );
  const policies = (role?.inputs.inlinePolicies ?? []) as { policy: string }[];
  return policies.flatMap(({ policy }) => statementsOf(policy));
}

/** One action on one pattern of resources: the smallest thing that a role can be spared. */
export type Grant = { action: string; resource: string; prefix?: string };

/** The grants that statements are made of, one each. */
export const singleGrants = (statements: Statement[]): Grant[] =>
  statements.flatMap(({ Action, Resource, Condition }) =>
    Action.flatMap((action) =>
      Resource.flatMap((resource): Grant[] => {
        const prefixes = Condition?.StringLikeIfExists?.['s3:prefix'];
        return prefixes ? prefixes.map((prefix) => ({ action, resource, prefix })) : [{ action, resource }];
      }),
    ),
  );

/** Whether a grant is what allowed a call. */
export const allows = (grant: Grant, call: Grant): boolean =>
  grant.action === call.action &&
  matches(grant.resource, call.resource) &&
  (grant.prefix === undefined || matches(grant.prefix, call.prefix ?? ''));
