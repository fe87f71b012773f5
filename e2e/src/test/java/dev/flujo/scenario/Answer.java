package dev.flujo.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody says to a job that waits for approval, and the HTTP status with which Flujo answers. */
record Answer(
        String job,
        String by,
        List<String> groups,
        boolean approves,
        Optional<String> comment,
        boolean older,
        int status) {

    static final int ACCEPTED = 202;

    static Answer of(Map<String, Object> fields) {
        return new Answer(
                String.valueOf(fields.get("job")),
                String.valueOf(fields.get("by")),
                fields.get("groups") instanceof List<?> groups
                        ? groups.stream().map(String::valueOf).toList()
                        : List.of(),
                !"reject".equals(fields.get("says")),
                Optional.ofNullable(fields.get("comment")).map(String::valueOf),
                Boolean.TRUE.equals(fields.get("older")),
                fields.get("status") instanceof Number status ? status.intValue() : ACCEPTED);
    }
}
