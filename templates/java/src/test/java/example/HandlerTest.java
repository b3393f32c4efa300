package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class HandlerTest {
    private final Handler handler = new Handler();

    @Test
    void answersWithTheEvent() throws Exception {
        var sample = JsonParser.parseString(Files.readString(Path.of("events", "sample.json")));
        var response = handler.handleRequest(Map.of("test", "data"), context());
        assertEquals(200, response.get("statusCode"));
        assertEquals("Hello from Lambda Managed Instances!", bodyOf(response).get("message").getAsString());
        assertEquals(sample, bodyOf(response).get("event"));
    }

    @Test
    void keepsRequestsApart() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var answers = new ArrayList<Future<Map<String, Object>>>();
            for (int id = 0; id < 100; id++) {
                var event = Map.<String, Object>of("id", id);
                answers.add(threads.submit(() -> handler.handleRequest(event, context())));
            }
            for (int id = 0; id < 100; id++)
                assertEquals(id, bodyOf(answers.get(id).get()).getAsJsonObject("event").get("id").getAsInt());
        }
    }

    private static JsonObject bodyOf(Map<String, Object> response) {
        return JsonParser.parseString((String) response.get("body")).getAsJsonObject();
    }

    /** A context with a log that goes nowhere; nothing else of it is asked for here. */
    private static Context context() {
        var logger = new LambdaLogger() {
            @Override
            public void log(String message) {}

            @Override
            public void log(byte[] message) {}
        };
        return (Context) Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("getLogger")) return logger;
                throw new UnsupportedOperationException(method.getName());
            });
    }
}
