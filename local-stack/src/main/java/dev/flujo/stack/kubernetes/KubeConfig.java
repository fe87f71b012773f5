package dev.flujo.stack.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Kubeconfig files, and the certificates in them. */
public final class KubeConfig {

    private KubeConfig() {}

    /** One cluster, one user with a token. */
    public static String of(String server, byte[] certificate, String token) {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters:
                  - {name: test, cluster: {server: "%s", certificate-authority-data: "%s"}}
                users:
                  - {name: test, user: {token: "%s"}}
                contexts:
                  - {name: test, context: {cluster: test, user: test}}
                """
                .formatted(server, Base64.getEncoder().encodeToString(certificate), token);
    }

    /** What trusts these certificates (PEM), and none else. */
    static SSLContext trusting(byte[] pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("certificate-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("Expected a certificate in PEM, but " + e.getMessage(), e);
        }
    }
}
