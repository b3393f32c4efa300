import type { RuleReason } from "../rule-catalogue.ts";

/** Reasons behind the rules of event sources that push, and of what lmi makes for them; see rule-catalogue.ts. */
export const pushingReasons: Readonly<Record<string, RuleReason>> = {
  "event-source-name": {
    why: "AWS takes names of queues of at most 80 characters (.fifo counts), of topics of 256, of buckets of 63, and --env adds the environment's name.",
    source:
      "Amazon SQS API, CreateQueue; Amazon SNS API, CreateTopic; Amazon S3 user guide, bucketnamingrules",
    mend: "Shorten or change the name or the environment's, or leave it out: CloudFormation chooses one.",
  },
  "event-source-name-taken": {
    why: "A name is taken once: the stack would fail at the second. A queue named x brings a dead-letter queue named x-dead.",
    source: "Amazon SQS API, CreateQueue; Amazon SNS API, CreateTopic; Amazon S3 API, CreateBucket",
    mend: "Give each a name of its own. To let two functions read one topic, make it elsewhere and name its arn at both.",
  },
  "event-kafka-loop": {
    why: "What fails would be read again, without end: Lambda refuses a failure topic that is the source's own.",
    source: "AWS Lambda developer guide, kafka-on-failure-destination",
    mend: "Name another topic of the same cluster, or a queue.",
  },
  "event-schedule-expression": {
    why: "EventBridge Scheduler refuses an expression whose fields are out of range, or that names a day that there is not.",
    source: "EventBridge Scheduler user guide, schedule-types",
    mend: "Mend the field: minutes hours day-of-month month day-of-week year, with ? for one of the days; SUN is 1.",
  },
  "event-schedule-doubt": {
    why: "A date that never comes calls nothing, and nothing says so. Of ranges over the end of the week (FRI-MON) the guide says nothing; they are in use.",
    source: "EventBridge Scheduler user guide, schedule-types; for the ranges, what others deploy",
    mend: "Name a date that comes; write FRI-SAT,SUN-MON instead of FRI-MON.",
  },
  "event-input-too-large": {
    why: "Schedules and rules call the function asynchronously, and such a request carries at most 1 MB.",
    source: "AWS Lambda developer guide, gettingstarted-limits",
    mend: "Put what is large into S3 and send its key.",
  },
  "event-input-both": {
    why: "A target gets a text of its own or a part of the event.",
    source: "Amazon EventBridge API, Target",
    mend: "Keep input or inputPath.",
  },
  "event-pattern": {
    why: "A pattern names fields, each with a list of values or of EventBridge's comparisons; one without, or with a comparison that there is not, is refused.",
    source: "Amazon EventBridge user guide, eb-event-patterns and eb-create-pattern-operators",
    mend: 'Write lists, also of one value: { "source": ["aws.ec2"] } or { "detail": { "total": [{ "numeric": [">", 10] }] } }.',
  },
  "event-bucket-moot": {
    why: "A bucket that exists is not changed, and one of lmi's making needs no EventBridge.",
    source: "lmi's settings schema, docs/settings.md",
    mend: "Leave the setting out, or leave bucket out so that lmi makes one.",
  },
  "event-bucket-eventbridge": {
    why: "CloudFormation sets notifications only of buckets that it makes, so a bucket that exists is heard through EventBridge. Where the bucket does not send there, nothing arrives and nothing says so.",
    source: "Amazon S3 user guide, enable-event-notifications-eventbridge",
    mend: "Switch Amazon EventBridge on in the bucket's properties (it adds to other notifications), then set eventBridge to true.",
  },
  "event-topic-moot": {
    why: "A topic that exists is not changed.",
    source: "lmi's settings schema, docs/settings.md",
    mend: "Leave the setting out, or leave arn out so that lmi makes a topic.",
  },
  "event-topic-fifo": {
    why: "FIFO topics deliver to SQS queues; a function cannot be subscribed.",
    source: "Amazon SNS developer guide, sns-fifo-topics",
    mend: "Subscribe a queue to the topic, and let the function read the queue (type sqs).",
  },
  "event-filter-scope": {
    why: "The scope says what the filter looks at.",
    source: "Amazon SNS API, SetSubscriptionAttributes (FilterPolicyScope)",
    mend: "Add filter, or leave filterScope out.",
  },
  "event-http-route": {
    why: "A route key is there once, and its path has variables as whole parts, a greedy one last.",
    source: "API Gateway developer guide, http-api-develop-routes",
    mend: 'Write it like "GET /orders/{id}" or "ANY /files/{path+}".',
  },
  "event-http-cors": {
    why: "Browsers take no star where cookies may be sent, and API Gateway refuses it.",
    source: "API Gateway developer guide, http-api-cors",
    mend: "Name the origins, or leave allowCredentials out.",
  },
  "event-http-timeout": {
    why: "An HTTP API gives up after 30 seconds. On managed instances the function goes on, since a timed-out request is not ended.",
    source: "API Gateway developer guide, http-api-quotas",
    mend: "Lower timeout to 30, or take a function URL (url) for answers that take longer.",
  },
};
