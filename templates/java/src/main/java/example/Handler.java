package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The function. Lambda makes one object of this class, and on Managed Instances many threads call it at the same time:
 * what belongs to a request stays in variables of the method, and fields hold only what is safe to share.
 */
public final class Handler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    /** Safe to share: a Gson has no state that changes. So have the clients of the AWS SDK. */
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    @Override
    public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
        context.getLogger().log("answering a request");
        var body = new LinkedHashMap<String, Object>();
        body.put("message", "Hello from Lambda Managed Instances!");
        body.put("event", event);
        return Map.of("statusCode", 200, "body", JSON.toJson(body));
    }
}
