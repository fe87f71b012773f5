package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** One page of a list, and the cursor of the next one where there is one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, String next) {}
