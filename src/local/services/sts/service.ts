import { createHash, randomBytes } from "node:crypto";
import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  AssumeRoleWithWebIdentityRequest,
  AssumeRoleWithWebIdentityResponse,
  Credentials,
  GetAccessKeyInfoRequest,
  GetAccessKeyInfoResponse,
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
  GetSessionTokenRequest,
  GetSessionTokenResponse,
} from "@aws-sdk/client-sts";
import type { CallContext, Operation, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

/** Who the temporary credentials of an access key id stand for. The secret is not kept. */
interface Session {
  readonly userId: string;
  readonly arn: string;
  readonly expires: string;
}

type Sessions = Collection<Session>;

const global = "global";
const hour = 3600;

export function createStsService(target: TargetContext): Service {
  const sessions = target.state.collection<Session>("sts.sessions");
  return {
    name: "sts",
    operations: { ...sessionOperations(target, sessions), ...identityOperations(target, sessions) },
  };
}

function identityOperations(target: TargetContext, sessions: Sessions): Record<string, Operation> {
  return {
    async GetCallerIdentity(
      _input: GetCallerIdentityRequest,
      context: CallContext,
    ): Promise<GetCallerIdentityResponse> {
      const session = sessions.get(global, context.accessKeyId);
      if (session !== undefined && Date.parse(session.expires) <= target.clock.now().getTime()) {
        const message = "The security token included in the request is expired";
        throw new ServiceError("ExpiredToken", message, { status: 403 });
      }
      const { userId, arn } = session ?? localUser(context);
      return { UserId: userId, Account: context.accountId, Arn: arn };
    },

    async GetAccessKeyInfo(
      input: GetAccessKeyInfoRequest,
      context: CallContext,
    ): Promise<GetAccessKeyInfoResponse> {
      const id = input.AccessKeyId ?? "";
      if (!/^\w{16,128}$/.test(id)) {
        const message = `1 validation error detected: Value '${id}' at 'accessKeyId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w]*`;
        throw new ServiceError("ValidationError", message, { status: 400 });
      }
      return { Account: context.accountId };
    },
  };
}

function sessionOperations(target: TargetContext, sessions: Sessions): Record<string, Operation> {
  const assume = async (input: AssumeRoleRequest | AssumeRoleWithWebIdentityRequest) => {
    const session = assumedRole(input);
    const credentials = openSession(target, sessions, session, input.DurationSeconds ?? hour);
    return {
      Credentials: credentials,
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
    };
  };
  return {
    AssumeRole: (input: AssumeRoleRequest): Promise<AssumeRoleResponse> => assume(input),

    AssumeRoleWithWebIdentity: (
      input: AssumeRoleWithWebIdentityRequest,
    ): Promise<AssumeRoleWithWebIdentityResponse> => assume(input),

    async GetSessionToken(
      input: GetSessionTokenRequest,
      context: CallContext,
    ): Promise<GetSessionTokenResponse> {
      const seconds = input.DurationSeconds ?? 12 * hour;
      // AWS STS API reference, GetSessionToken
      if (seconds < 900 || seconds > 36 * hour) {
        const message = `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must be between 900 and ${36 * hour}`;
        throw new ServiceError("ValidationError", message, { status: 400 });
      }
      return { Credentials: openSession(target, sessions, localUser(context), seconds) };
    },
  };
}

function localUser({ accessKeyId, accountId }: CallContext): Omit<Session, "expires"> {
  return { userId: userIdOf(accessKeyId), arn: `arn:aws:iam::${accountId}:user/lmi-local` };
}

function openSession(
  target: TargetContext,
  sessions: Sessions,
  session: Omit<Session, "expires">,
  seconds: number,
): Credentials {
  const now = target.clock.now().getTime();
  // A session that has been over for a day is of no use: until then its user is told that it expired.
  for (const { id, document } of sessions.entries()) {
    if (Date.parse(document.expires) < now - 24 * hour * 1000) sessions.delete(global, id);
  }
  const expiration = new Date(now + seconds * 1000);
  const accessKeyId = `ASIA${randomId(16)}`;
  sessions.put(global, accessKeyId, { ...session, expires: expiration.toISOString() });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: randomBytes(30).toString("base64"),
    SessionToken: randomBytes(120).toString("base64"),
    Expiration: expiration,
  };
}

/** Source: IAM user guide, "AWS STS credentials"; AWS STS API reference, AssumeRole (name and duration limits). */
function assumedRole(input: {
  readonly RoleArn?: string | undefined;
  readonly RoleSessionName?: string | undefined;
  readonly DurationSeconds?: number | undefined;
}): Omit<Session, "expires"> {
  const {
    RoleArn: arn = "",
    RoleSessionName: sessionName = "",
    DurationSeconds: seconds = hour,
  } = input;
  const role = /^arn:aws[\w-]*:iam::(?<account>\d{12}):role\/(?:.*\/)?(?<name>[\w+=,.@-]+)$/.exec(
    arn,
  )?.groups;
  if (role === undefined)
    throw new ServiceError("ValidationError", `${arn} is invalid`, { status: 400 });
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    const message =
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
      "Member must satisfy regular expression pattern: [\\w+=,.@-]*";
    throw new ServiceError("ValidationError", message, { status: 400 });
  }
  if (seconds < 900 || seconds > 12 * hour) {
    const message = "The requested DurationSeconds must be between 900 and 43200 seconds";
    throw new ServiceError("ValidationError", message, { status: 400 });
  }
  return {
    userId: `AROA${idOf(arn, 17)}:${sessionName}`,
    arn: `arn:aws:sts::${role["account"]}:assumed-role/${role["name"]}/${sessionName}`,
  };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function userIdOf(accessKeyId: string): string {
  return `AIDA${idOf(accessKeyId, 17)}`;
}

/** Ids are AWS's kind of text, and the same for the same name. */
function idOf(name: string, length: number): string {
  return encodeId(createHash("sha256").update(name).digest(), length);
}

function randomId(length: number): string {
  return encodeId(randomBytes(length), length);
}

function encodeId(bytes: Buffer, length: number): string {
  return [...bytes.subarray(0, length)].map((byte) => alphabet[byte % 32]).join("");
}
