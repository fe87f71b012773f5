package dev.flujo.rules;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.flujo.e2e.Machine;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** What can be set of a service: the names that its compiled classes and its property files read. */
final class Settings {

    private static final String MAPPING = "io.smallrye.config.ConfigMapping";
    private static final String PROPERTY = "org.eclipse.microprofile.config.inject.ConfigProperty";

    /** What is read by the Java virtual machine itself. */
    private static final Set<String> JAVA = Set.of("JDK_JAVA_OPTIONS");

    private Settings() {}

    /** The environment variables that a service reads. */
    static Set<String> variables(String service) {
        Set<String> names = new HashSet<>();
        Path root = Machine.checkout();
        names.addAll(keys(root.resolve(service).resolve("src/main/resources/application.properties")));
        names.addAll(keys(root.resolve("service-kit/src/main/resources/META-INF/microprofile-config.properties")));
        List<Path> directories =
                List.of(root.resolve(service).resolve("target/classes"), root.resolve("service-kit/target/classes"));
        for (JavaClass type : new ClassFileImporter().importPaths(directories)) {
            annotation(type, MAPPING)
                    .ifPresent(mapping ->
                            collect(mapping.get("prefix").orElseThrow().toString(), type, names));
            injected(type).forEach(names::add);
        }
        Set<String> variables = new HashSet<>(JAVA);
        names.forEach(name -> variables.add(variable(name)));
        return variables;
    }

    /** The variable of a property, by the rule of MicroProfile Config. */
    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static Set<String> keys(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.stringPropertyNames();
    }

    /** The names below a prefix: one for each method, and those of the groups that methods give. */
    private static void collect(String prefix, JavaClass mapping, Set<String> names) {
        for (JavaMethod method : mapping.getMethods()) {
            String name =
                    prefix + "." + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            JavaClass type = method.getRawReturnType();
            if (type.isInterface()
                    && type.getEnclosingClass().filter(mapping::equals).isPresent()) {
                collect(name, type, names);
            } else {
                names.add(name);
            }
        }
    }

    private static Stream<String> injected(JavaClass type) {
        Stream<JavaParameter> parameters =
                type.getCodeUnits().stream().map(JavaCodeUnit::getParameters).flatMap(List::stream);
        return Stream.concat(parameters, type.getFields().stream())
                .flatMap(place -> annotation((HasAnnotations<?>) place, PROPERTY).stream())
                .map(property -> property.get("name").orElseThrow().toString());
    }

    private static java.util.Optional<? extends JavaAnnotation<?>> annotation(HasAnnotations<?> place, String name) {
        return place.getAnnotations().stream()
                .filter(annotation -> annotation.getRawType().getName().equals(name))
                .findFirst();
    }
}
