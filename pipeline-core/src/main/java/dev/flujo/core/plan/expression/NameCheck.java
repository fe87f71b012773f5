package dev.flujo.core.plan.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks that every name of an expression means something where it stands. */
final class NameCheck {

    private final Scope scope;
    private final String expression;
    private final Map<Long, Integer> positions;
    private final List<CelNavigableExpr> nodes;
    private final Set<String> ownNames = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();

    NameCheck(CelAbstractSyntaxTree tree, Scope scope, String expression) {
        this.scope = scope;
        this.expression = expression;
        this.positions = tree.getSource().getPositionsMap();
        this.nodes = CelNavigableAst.fromAst(tree).getRoot().allNodes().toList();
        nodes.stream()
                .filter(node -> node.getKind() == Kind.COMPREHENSION)
                .map(node -> node.expr().comprehension())
                .forEach(loop -> ownNames.addAll(List.of(loop.iterVar(), loop.iterVar2(), loop.accuVar())));
    }

    List<Finding> findings() {
        for (CelNavigableExpr node : nodes) {
            if (node.getKind() == Kind.IDENT) {
                variable(node);
            } else if (node.getKind() == Kind.CALL) {
                function(node.expr());
            }
        }
        return findings;
    }

    private void variable(CelNavigableExpr node) {
        String name = node.expr().ident().name();
        if (ownNames.contains(name)) {
            return;
        }
        if (!scope.variables().contains(name)) {
            unknownVariable(node, name);
            return;
        }
        Optional<CelNavigableExpr> member = outer(node);
        if (!scope.members().containsKey(name)
                || member.flatMap(NameCheck::selected).isEmpty()) {
            return;
        }
        String field = member.flatMap(NameCheck::selected).orElseThrow();
        List<String> known = scope.members().get(name);
        if (!known.contains(field)) {
            add(
                    member.get().expr(),
                    Foreign.refusal(name, field, known),
                    Spelling.nearest(field, known).map(near -> name + "." + near));
        } else if (name.equals("needs")) {
            need(member.get(), field);
        }
    }

    private void need(CelNavigableExpr node, String job) {
        Optional<CelNavigableExpr> member = outer(node);
        Optional<String> field = member.flatMap(NameCheck::selected);
        if (field.isEmpty()) {
            return;
        }
        String path = "needs." + job + ".";
        if (!List.of("outcome", "outputs").contains(field.get())) {
            add(
                    member.get().expr(),
                    "Expected `outcome` or `outputs` of a needed job, but there is no " + Quote.of(path + field.get())
                            + "; correct it.",
                    Spelling.nearest(field.get(), List.of("outcome", "outputs")).map(near -> path + near));
        } else if (field.get().equals("outputs")) {
            output(member.get(), job);
        }
    }

    private void output(CelNavigableExpr node, String job) {
        Optional<List<String>> outputs = scope.needs().get(job);
        Optional<CelNavigableExpr> member = outer(node);
        Optional<String> field = member.flatMap(NameCheck::selected);
        if (outputs.isEmpty()) {
            add(
                    node.expr(),
                    "Expected outputs of one job, but " + Quote.of(job)
                            + " stands for several, each with its own; need the one that has the value.",
                    Optional.empty());
        } else if (field.isPresent() && !outputs.get().contains(field.get())) {
            String path = "needs." + job + ".outputs.";
            add(
                    member.get().expr(),
                    "Expected an output of job " + Quote.of(job) + ", but it has no " + Quote.of(field.get())
                            + "; add it to that job's `outputs`.",
                    Spelling.nearest(field.get(), outputs.get()).map(near -> path + near));
        }
    }

    private void unknownVariable(CelNavigableExpr node, String name) {
        String path = path(node);
        Optional<String> meant = Foreign.meant(path);
        add(
                node.expr(),
                Foreign.unknown(name, path, scope.variables()),
                meant.isPresent() ? meant : Spelling.nearest(name, scope.variables()));
    }

    private void function(CelExpr call) {
        String name = call.call().function();
        boolean operator = !Character.isLetter(name.codePointAt(0));
        if (!operator && !Cel.FUNCTIONS.contains(name)) {
            add(
                    call,
                    Foreign.unknownFunction(name),
                    Spelling.nearest(name, Cel.FUNCTIONS.stream().sorted().toList()));
        }
    }

    /** The node that takes a member of this one. */
    private static Optional<CelNavigableExpr> outer(CelNavigableExpr node) {
        return node.parent().filter(parent -> {
            if (parent.getKind() == Kind.SELECT) {
                return true;
            }
            return parent.getKind() == Kind.CALL
                    && parent.expr().call().function().equals("_[_]")
                    && parent.expr().call().args().get(0).id() == node.id();
        });
    }

    /** The member that it takes, where the expression names it. */
    private static Optional<String> selected(CelNavigableExpr node) {
        if (node.getKind() == Kind.SELECT) {
            return Optional.of(node.expr().select().field());
        }
        CelExpr index = node.expr().call().args().get(1);
        return index.exprKind().getKind() == Kind.CONSTANT
                        && index.constant().getKind() == dev.cel.common.ast.CelConstant.Kind.STRING_VALUE
                ? Optional.of(index.constant().stringValue())
                : Optional.empty();
    }

    private static String path(CelNavigableExpr node) {
        StringBuilder path = new StringBuilder(node.expr().ident().name());
        Optional<CelNavigableExpr> at = node.parent().filter(parent -> parent.getKind() == Kind.SELECT);
        while (at.isPresent()) {
            path.append('.').append(at.get().expr().select().field());
            at = at.get().parent().filter(parent -> parent.getKind() == Kind.SELECT);
        }
        return path.toString();
    }

    private void add(CelExpr at, String message, Optional<String> suggestion) {
        int offset = Math.min(positions.getOrDefault(at.id(), 0), expression.length());
        Finding finding = new Finding(offset, message, suggestion);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }
}
