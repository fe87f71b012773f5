package dev.flujo.core.plan.expression;

import dev.cel.checker.CelChecker;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelVarDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.flujo.core.plan.shape.Limits;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * CEL as the pipeline language has it: without bytes, unsigned numbers and times, with {@code json(text)} and some functions
 * on texts, and with bounds on everything that a hostile file could make large. Immutable, and made when the first
 * expression is met: that takes a few hundred milliseconds.
 */
final class Cel {

    /** What may be called by its name; operators come besides. */
    static final Set<String> FUNCTIONS = Set.of(
            "contains",
            "startsWith",
            "endsWith",
            "matches",
            "size",
            "int",
            "double",
            "string",
            "bool",
            "json",
            "replace",
            "split",
            "join",
            "lowerAscii",
            "upperAscii",
            "trim",
            "substring",
            "indexOf");

    private static final Set<StandardFunction> WITHOUT = EnumSet.of(
            StandardFunction.UINT,
            StandardFunction.BYTES,
            StandardFunction.DURATION,
            StandardFunction.TIMESTAMP,
            StandardFunction.TYPE,
            StandardFunction.DYN,
            StandardFunction.GET_FULL_YEAR,
            StandardFunction.GET_MONTH,
            StandardFunction.GET_DAY_OF_YEAR,
            StandardFunction.GET_DAY_OF_MONTH,
            StandardFunction.GET_DATE,
            StandardFunction.GET_DAY_OF_WEEK,
            StandardFunction.GET_HOURS,
            StandardFunction.GET_MINUTES,
            StandardFunction.GET_SECONDS,
            StandardFunction.GET_MILLISECONDS);

    private static final List<String> TYPES_WITHOUT = List.of("UINT", "BYTES", "DURATION", "TIMESTAMP");

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .maxExpressionCodePointSize(Limits.EXPRESSION)
            .maxParseRecursionDepth(30)
            .maxParseExpressionNodeCount(1000)
            .maxParseErrorRecoveryLimit(1)
            .comprehensionMaxIterations(10_000)
            .build();

    static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(
                    CelStandardMacro.HAS,
                    CelStandardMacro.ALL,
                    CelStandardMacro.EXISTS,
                    CelStandardMacro.EXISTS_ONE,
                    CelStandardMacro.MAP,
                    CelStandardMacro.MAP_FILTER,
                    CelStandardMacro.FILTER)
            .build();

    static final CelChecker CHECKER = CelCompilerFactory.standardCelCheckerBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                    .filterFunctions((function, overload) -> !WITHOUT.contains(function)
                            && TYPES_WITHOUT.stream()
                                    .noneMatch(overload.celOverloadDecl().toString()::contains))
                    .build())
            .addVarDeclarations(
                    variable("event", SimpleType.DYN),
                    variable("inputs", SimpleType.DYN),
                    variable("needs", MapType.create(SimpleType.STRING, SimpleType.DYN)),
                    variable("env", SimpleType.STRING),
                    variable("matrix", SimpleType.STRING),
                    variable("run", SimpleType.STRING),
                    CelVarDecl.newVarDeclaration("result", SimpleType.DYN),
                    CelVarDecl.newVarDeclaration("stable", SimpleType.DYN))
            .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                    "json", CelOverloadDecl.newGlobalOverload("json_string", SimpleType.DYN, SimpleType.STRING)))
            .addLibraries(CelExtensions.strings())
            .build();

    static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addFunctionBindings(CelFunctionBinding.fromOverloads(
                    "json", CelFunctionBinding.from("json_string", String.class, Json::read)))
            .addLibraries(CelExtensions.strings())
            .build();

    private Cel() {}

    private static CelVarDecl variable(String name, CelType values) {
        return CelVarDecl.newVarDeclaration(name, MapType.create(SimpleType.STRING, values));
    }
}
