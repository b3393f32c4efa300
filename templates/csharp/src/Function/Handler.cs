using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

[assembly: LambdaSerializer(typeof(CamelCaseLambdaJsonSerializer))]

namespace Example;

/// <summary>
/// The function. Lambda makes one object of this class, and on Managed Instances many requests are in its method at the
/// same time: what belongs to a request stays in variables of the method, and fields hold only what is safe to share.
/// </summary>
public sealed class Handler
{
    /// <summary>Safe to share: options do not change once they are used. So are the clients of the AWS SDK.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task<Response> HandleAsync(JsonElement input, ILambdaContext context)
    {
        context.Logger.LogInformation("answering a request");
        var body = new Dictionary<string, object>
        {
            ["message"] = "Hello from Lambda Managed Instances!",
            ["event"] = input,
        };
        return Task.FromResult(new Response(200, JsonSerializer.Serialize(body, Json)));
    }
}

public sealed record Response(int StatusCode, string Body);
