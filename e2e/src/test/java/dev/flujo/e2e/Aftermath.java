package dev.flujo.e2e;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Looks for secrets in the stack that tests share, when the last test of this process has ended; who finds one fails the build. */
public final class Aftermath implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.create(Aftermath.class)).computeIfAbsent(Aftermath.class, unused ->
                (AutoCloseable) SharedStack::expectNoSecrets);
    }
}
