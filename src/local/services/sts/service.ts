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
import type { CallContext, Service, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";

/** Who the temporary credentials of an access key id stand for. The secret is not kept. */
interface Session {
  readonly userId: string;
  readonly arn: string;
  readonly expires: string;
}

const global = "global";
const hour = 3600;

export function createStsService(target: TargetContext): Service {
  const sessions = target.state.collection<Session>("sts.sessions");

  const open = (session: Omit<Session, "expires">, seconds: number): Credentials => {
    const now = target.clock.now().getTime();
    // Sessions that are over are of no use to anybody: GetCallerIdentity refuses them either way.
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
  };

  return {
    name: "sts",
    operations: {
      async GetCallerIdentity(
        _input: GetCallerIdentityRequest,
        context: CallContext,
      ): Promise<GetCallerIdentityResponse> {
        const session = sessions.get(global, context.accessKeyId);
        if (session !== undefined && Date.parse(session.expires) <= target.clock.now().getTime()) {
          throw new ServiceError(
            "ExpiredToken",
            "The security token included in the request is expired",
            { status: 403 },
          );
        }
        const account = context.accountId;
        return session === undefined
          ? {
              UserId: userIdOf(context.accessKeyId),
              Account: account,
              Arn: `arn:aws:iam::${account}:user/lmi-local`,
            }
          : { UserId: session.userId, Account: account, Arn: session.arn };
      },

      async AssumeRole(input: AssumeRoleRequest): Promise<AssumeRoleResponse> {
        const session = assumedRole(input);
        const credentials = open(session, input.DurationSeconds ?? hour);
        return {
          Credentials: credentials,
          AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
        };
      },

      async AssumeRoleWithWebIdentity(
        input: AssumeRoleWithWebIdentityRequest,
      ): Promise<AssumeRoleWithWebIdentityResponse> {
        const session = assumedRole(input);
        const credentials = open(session, input.DurationSeconds ?? hour);
        return {
          Credentials: credentials,
          AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
        };
      },

      async GetSessionToken(
        input: GetSessionTokenRequest,
        context: CallContext,
      ): Promise<GetSessionTokenResponse> {
        const arn = `arn:aws:iam::${context.accountId}:user/lmi-local`;
        return {
          Credentials: open(
            { userId: userIdOf(context.accessKeyId), arn },
            input.DurationSeconds ?? 12 * hour,
          ),
        };
      },

      async GetAccessKeyInfo(
        _input: GetAccessKeyInfoRequest,
        context: CallContext,
      ): Promise<GetAccessKeyInfoResponse> {
        return { Account: context.accountId };
      },
    },
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
