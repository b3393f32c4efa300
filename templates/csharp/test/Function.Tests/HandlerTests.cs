using System.Text.Json;
using Amazon.Lambda.Core;
using Xunit;

namespace Example.Tests;

public sealed class HandlerTests
{
    private readonly Handler handler = new();

    [Fact]
    public async Task AnswersWithTheEvent()
    {
        var sample = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "sample.json"));
        var input = JsonSerializer.Deserialize<JsonElement>(sample);
        var response = await handler.HandleAsync(input, new Context());
        Assert.Equal(200, response.StatusCode);
        var body = JsonSerializer.Deserialize<JsonElement>(response.Body);
        Assert.Equal("Hello from Lambda Managed Instances!", body.GetProperty("message").GetString());
        Assert.Equal("data", body.GetProperty("event").GetProperty("test").GetString());
    }

    [Fact]
    public async Task KeepsRequestsApart()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(id => Task.Run(async () =>
        {
            var input = JsonSerializer.SerializeToElement(new { id });
            var response = await handler.HandleAsync(input, new Context());
            return JsonSerializer.Deserialize<JsonElement>(response.Body);
        })));
        Assert.Equal(
            Enumerable.Range(0, 100),
            answers.Select(body => body.GetProperty("event").GetProperty("id").GetInt32()));
    }

    /// <summary>A context with a log that goes nowhere; nothing else of it is asked for here.</summary>
    private sealed class Context : ILambdaContext, ILambdaLogger
    {
        public ILambdaLogger Logger => this;
        public void Log(string message) { }
        public void LogLine(string message) { }

        public string AwsRequestId => throw new NotSupportedException();
        public IClientContext ClientContext => throw new NotSupportedException();
        public string FunctionName => throw new NotSupportedException();
        public string FunctionVersion => throw new NotSupportedException();
        public ICognitoIdentity Identity => throw new NotSupportedException();
        public string InvokedFunctionArn => throw new NotSupportedException();
        public string LogGroupName => throw new NotSupportedException();
        public string LogStreamName => throw new NotSupportedException();
        public int MemoryLimitInMB => throw new NotSupportedException();
        public TimeSpan RemainingTime => throw new NotSupportedException();
    }
}
